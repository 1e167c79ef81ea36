import type { BlobInfo, Blobs } from '#platform/blobs/blobs.ts';

const atATime = 500;

/**
 * What is known of every blob, by ids: as an archive has them, while each storage lists them in an order of its own. Throws the signal's
 * reason.
 */
export async function allBlobs(blobs: Pick<Blobs, 'list'>, signal: AbortSignal): Promise<readonly BlobInfo[]> {
  const all: BlobInfo[] = [];
  for (let after: string | undefined; ; ) {
    signal.throwIfAborted();
    const page = await blobs.list({ writtenBefore: Number.MAX_SAFE_INTEGER, limit: atATime, after });
    after = page.at(-1)?.id;
    if (after === undefined) break;
    all.push(...page);
  }
  return all.sort((one, other) => (one.id < other.id ? -1 : 1));
}
