import type { BlobInfo, Blobs } from '#platform/blobs/blobs.ts';

const atATime = 500;

/** Every blob, by ids. */
export async function* eachBlob(blobs: Pick<Blobs, 'list'>): AsyncGenerator<BlobInfo> {
  for (let after: string | undefined; ; ) {
    const page = await blobs.list({ writtenBefore: Number.MAX_SAFE_INTEGER, limit: atATime, after });
    after = page.at(-1)?.id;
    if (after === undefined) return;
    yield* page;
  }
}
