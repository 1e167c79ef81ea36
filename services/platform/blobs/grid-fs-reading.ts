import { Readable } from 'node:stream';
import type { GridFSBucket, ObjectId } from 'mongodb';
import { storeUnavailable } from '#platform/errors.ts';
import { inTime } from '#platform/store/mongo-connection.ts';
import { fromMongo } from '#platform/store/mongo-errors.ts';
import { chunkBytes } from './grid-fs-format.ts';

/** The bytes of a file in [start, end), which lies within it; its errors are the store's. */
export function readGridFs(
  bucket: GridFSBucket,
  fileId: ObjectId,
  range: { readonly start: number; readonly end: number },
): Readable {
  if (range.start >= range.end) return Readable.from([]);
  return Readable.from(bytes(bucket, fileId, range), { objectMode: false, highWaterMark: chunkBytes });
}

async function* bytes(
  bucket: GridFSBucket,
  fileId: ObjectId,
  range: { readonly start: number; readonly end: number },
): AsyncGenerator<Uint8Array> {
  let missing = range.end - range.start;
  const stream = bucket.openDownloadStream(fileId, range);
  const chunks: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await inTime(chunks.next());
      if (done) break;
      missing -= value.byteLength;
      yield value;
    }
  } catch (error) {
    throw fromMongo(error);
  } finally {
    stream.destroy();
  }
  // The driver takes a file whose last chunks are gone for a shorter one.
  if (missing > 0)
    throw storeUnavailable(new Error(`A blob was removed as it was read: ${missing} bytes are missing.`));
}
