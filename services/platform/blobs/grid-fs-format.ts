import { type Collection, type Db, ObjectId } from 'mongodb';
import type { BlobInfo } from './blobs.ts';

export const bucketName = 'blobs';
/** GridFS's own: https://github.com/mongodb/specifications/blob/master/source/gridfs/gridfs-spec.md */
export const chunkBytes = 255 * 1024;

export interface Described {
  readonly mediaType: string;
  readonly sha256: string;
  readonly writtenAt: number;
}

/** A file of GridFS: its name is the id of the blob, and unique; its own id is another one, so that two writers share no chunk. */
export interface GridFsFile {
  readonly _id: ObjectId;
  readonly filename: string;
  readonly length: number;
  readonly metadata: Described;
}

interface Chunk {
  readonly _id: ObjectId;
  readonly files_id: ObjectId;
  readonly n: number;
}

export const filesOf = (database: Db): Collection<GridFsFile> => database.collection(`${bucketName}.files`);
export const chunksOf = (database: Db): Collection<Chunk> => database.collection(`${bucketName}.chunks`);

export async function prepareGridFs(database: Db): Promise<void> {
  await filesOf(database).createIndex({ filename: 1 }, { unique: true });
  await chunksOf(database).createIndex({ files_id: 1, n: 1 }, { unique: true });
}

/**
 * Removes what was written of a file. Its first chunk goes last: a database that stops in between leaves what `sweepInterrupted` finds,
 * which looks at first chunks alone.
 */
export async function removeChunks(database: Db, fileId: ObjectId): Promise<void> {
  await chunksOf(database).deleteMany({ files_id: fileId, n: { $gt: 0 } });
  await chunksOf(database).deleteMany({ files_id: fileId });
}

export const infoOf = ({ filename, length, metadata: { mediaType, sha256, writtenAt } }: GridFsFile): BlobInfo => ({
  id: filename,
  mediaType,
  size: length,
  sha256,
  writtenAt,
});

/** An id that tells when its write began, by our clock; `least`: the first of that second. */
export function idOfTime(ms: number, which: 'new' | 'least' = 'new'): ObjectId {
  const seconds = Math.floor(ms / 1_000);
  return which === 'new' ? new ObjectId(ObjectId.generate(seconds)) : ObjectId.createFromTime(seconds);
}
