import type { Readable } from 'node:stream';
import { GridFSBucket, type ObjectId } from 'mongodb';
import type { Clock } from '#platform/clock.ts';
import { AppError, storeUnavailable } from '#platform/errors.ts';
import { MongoConnection } from '#platform/store/mongo-connection.ts';
import { fromMongo } from '#platform/store/mongo-errors.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { type BlobInfo, type BlobSource, type Blobs, isBlobId, type PutOptions } from './blobs.ts';
import {
  bucketName,
  chunkBytes,
  chunksOf,
  filesOf,
  idOfTime,
  infoOf,
  prepareGridFs,
  removeChunks,
} from './grid-fs-format.ts';
import { readGridFs } from './grid-fs-reading.ts';
import { writeGridFs } from './grid-fs-writing.ts';
import { MeasuredSource } from './measured-source.ts';

export interface GridFsBlobsOptions {
  readonly uri: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const sweptAtATime = 1_000;

/** Blobs in GridFS: of each a document in `blobs.files` once it is whole, and its bytes in `blobs.chunks`. */
export class GridFsBlobs implements Blobs {
  readonly #connection: MongoConnection;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  #prepared: Promise<void> | undefined;

  constructor(connection: MongoConnection, { clock, logger }: Pick<GridFsBlobsOptions, 'clock' | 'logger'>) {
    this.#connection = connection;
    this.#clock = clock;
    this.#logger = logger;
  }

  async put(id: string, source: BlobSource, options: PutOptions): Promise<BlobInfo> {
    const put = this.#put(id, source, options);
    this.#underWay.add(put);
    try {
      return await put;
    } finally {
      this.#underWay.delete(put);
    }
  }

  async #put(id: string, source: BlobSource, options: PutOptions): Promise<BlobInfo> {
    if (!isBlobId(id)) throw new Error('This is no id of a blob.');
    await this.#prepare();
    if (await this.info(id)) throw taken();
    const { mediaType } = options;
    const fileId = idOfTime(this.#clock.now());
    const measured = new MeasuredSource(source, options, { clock: this.#clock, closing: this.#closing.signal });
    const describe = () => ({ mediaType, sha256: measured.sha256(), writtenAt: this.#clock.now() });
    try {
      const database = await this.#connection.run(async (database) => database);
      const bucket = new GridFSBucket(database, { bucketName, chunkSizeBytes: chunkBytes });
      const described = await writeGridFs(bucket, { fileId, id, chunks: measured.chunks(), describe });
      return { id, size: measured.size, ...described };
    } catch (error) {
      await this.#discard(fileId);
      throw fromMongo(error);
    }
  }

  async info(id: string): Promise<BlobInfo | undefined> {
    const file =
      isBlobId(id) && (await this.#connection.run((database) => filesOf(database).findOne({ filename: id })));
    return file ? infoOf(file) : undefined;
  }

  async read(id: string, range?: { readonly start: number; readonly end: number }): Promise<Readable | undefined> {
    if (!isBlobId(id)) return undefined;
    return this.#connection.run(async (database) => {
      const file = await filesOf(database).findOne({ filename: id });
      if (!file) return undefined;
      const bucket = new GridFSBucket(database, { bucketName });
      const end = Math.min((range?.end ?? file.length) + 1, file.length);
      return readGridFs(bucket, file._id, { start: range?.start ?? 0, end });
    });
  }

  async delete(id: string): Promise<boolean> {
    if (!isBlobId(id)) return false;
    return this.#connection.run(async (database) => {
      const file = await filesOf(database).findOneAndDelete({ filename: id });
      // A stop before this leaves chunks without a file: what an interrupted write leaves.
      if (file) await removeChunks(database, file._id);
      return file !== null;
    });
  }

  async list({ writtenBefore, limit, after = '' }: Parameters<Blobs['list']>[0]): Promise<readonly BlobInfo[]> {
    if (limit < 1) return [];
    const files = await this.#connection.run((database) =>
      filesOf(database)
        .find({ filename: { $gt: after }, 'metadata.writtenAt': { $lt: writtenBefore } })
        .sort({ filename: 1 })
        .limit(limit)
        .toArray(),
    );
    return files.map(infoOf);
  }

  async sweepInterrupted(begunBefore: number): Promise<number> {
    let swept = 0;
    for (let after = idOfTime(0, 'least'); ; ) {
      const found = await this.#connection.run((database) =>
        chunksOf(database)
          .find({ n: 0, files_id: { $gt: after, $lt: idOfTime(begunBefore, 'least') } })
          .project<{ files_id: ObjectId }>({ _id: 0, files_id: 1 })
          .sort({ files_id: 1 })
          .limit(sweptAtATime)
          .toArray(),
      );
      const last = found.at(-1);
      if (!last) return swept;
      after = last.files_id;
      swept += await this.#sweep(found.map(({ files_id: fileId }) => fileId));
    }
  }

  ping(): Promise<void> {
    return this.#connection.ping();
  }

  /** Writes under way are given up. */
  async close(): Promise<void> {
    this.#closing.abort(storeUnavailable(new Error('The blobs were closed.')));
    await Promise.allSettled(this.#underWay);
    await this.#connection.close();
  }

  async #sweep(fileIds: readonly ObjectId[]): Promise<number> {
    return this.#connection.run(async (database) => {
      const files = await filesOf(database)
        .find({ _id: { $in: [...fileIds] } })
        .project<{ _id: ObjectId }>({ _id: 1 })
        .toArray();
      const whole = new Set(files.map(({ _id }) => _id.toHexString()));
      const orphans = fileIds.filter((id) => !whole.has(id.toHexString()));
      for (const id of orphans) await removeChunks(database, id);
      return orphans.length;
    });
  }

  /** What stays is swept later. */
  async #discard(fileId: ObjectId): Promise<void> {
    try {
      await this.#connection.run((database) => removeChunks(database, fileId));
    } catch (error) {
      this.#logger.warn('What was written of a blob could not be removed.', { 'event.action': 'blob_discard', error });
    }
  }

  /** Once, when the first blob is written: not every process writes some. */
  #prepare(): Promise<void> {
    this.#prepared ??= this.#connection.run(prepareGridFs).catch((error: unknown) => {
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }
}

const taken = () => new AppError('conflict', 'There is a blob of this id already.');

/** Connects with the first use. */
export const openGridFsBlobs = ({ uri, ...tools }: GridFsBlobsOptions): GridFsBlobs =>
  new GridFsBlobs(new MongoConnection(uri, tools.logger), tools);
