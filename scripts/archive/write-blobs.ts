import type { BlobInfo, Blobs } from '#platform/blobs/blobs.ts';
import { allBlobs } from './all-blobs.ts';
import { type ArchiveContent, BlobsDigest, blobInfoName, blobPartName } from './format.ts';

const partBytes = 1_000_000;

type Source = Pick<Blobs, 'list' | 'info' | 'read'>;
type Add = (name: string, content: string | Buffer) => Promise<void>;

/**
 * Writes every blob that there is by `add`; of one that is removed meanwhile, nothing or a part. Holds one part at a time, and what is
 * known of all.
 */
export async function writeBlobs(
  blobs: Source,
  add: Add,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (count: number) => void },
): Promise<ArchiveContent> {
  const digest = new BlobsDigest();
  for (const info of await allBlobs(blobs, signal)) {
    if (!(await writeBlob(blobs, info, add))) continue;
    digest.add(info);
    onProgress(digest.count);
  }
  return digest.content();
}

/** Whether all of it was written. */
async function writeBlob(blobs: Source, { id, mediaType, size, sha256 }: BlobInfo, add: Add): Promise<boolean> {
  const bytes = await blobs.read(id);
  if (!bytes) return false;
  await add(blobInfoName(id), JSON.stringify({ id, mediaType, size, sha256 }));
  let part = 0;
  const parts = partsOf(bytes);
  for (;;) {
    const bytes = await nextOf(blobs, id, parts);
    if (bytes === 'removed') return false;
    if (bytes === undefined) return true;
    await add(blobPartName(id, ++part), bytes);
  }
}

/** What fails because the blob was removed as it was read is no failure. */
async function nextOf(
  blobs: Source,
  id: string,
  parts: AsyncGenerator<Buffer>,
): Promise<Buffer | 'removed' | undefined> {
  try {
    const { done, value } = await parts.next();
    return done ? undefined : value;
  } catch (error) {
    if ((await blobs.info(id)) === undefined) return 'removed';
    throw error;
  }
}

async function* partsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    length += chunk.length;
    if (length < partBytes) continue;
    yield Buffer.concat(held);
    held = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(held);
}
