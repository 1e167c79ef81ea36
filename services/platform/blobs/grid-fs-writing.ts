import type { GridFSBucket, GridFSBucketWriteStream, ObjectId } from 'mongodb';
import { inTime } from '#platform/store/mongo-connection.ts';
import { chunkBytes, type Described } from './grid-fs-format.ts';

interface Writing {
  readonly fileId: ObjectId;
  /** Of the blob. */
  readonly id: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Asked once, after the last chunk. */
  readonly describe: () => Described;
}

/** Writes a file whose document comes last. Where anything fails, its chunks are left to the caller. */
export async function writeGridFs(bucket: GridFSBucket, { fileId, id, chunks, describe }: Writing): Promise<Described> {
  // The driver writes what stands here when the last chunk is written; the checksum is known no sooner.
  const metadata: Partial<Described> = {};
  const stream = bucket.openUploadStreamWithId(fileId, id, { metadata });
  stream.on('error', () => {}); // Each write and the end are told of their own.
  try {
    for await (const chunk of chunks) {
      // One insert at a time: none is under way when the caller removes what was written.
      for (let at = 0; at < chunk.byteLength; at += chunkBytes) {
        await inTime(write(stream, chunk.subarray(at, at + chunkBytes)));
      }
    }
    const described = describe();
    Object.assign(metadata, described);
    await inTime(end(stream));
    return described;
  } finally {
    stream.destroy();
  }
}

const write = (stream: GridFSBucketWriteStream, chunk: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.write(chunk, (error) => (error ? reject(error) : resolve()));
  });

const end = (stream: GridFSBucketWriteStream): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.once('finish', resolve);
    stream.end();
  });
