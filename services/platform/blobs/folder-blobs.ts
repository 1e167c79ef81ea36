import { createHash, randomUUID } from 'node:crypto';
import { access, constants, type FileHandle, link, mkdir, open, readdir, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { Clock } from '#platform/clock.ts';
import { AppError, isAppError, storeUnavailable } from '#platform/errors.ts';
import { syncFolder } from '#platform/sync-folder.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { encodeInfo, readInfo } from './blob-file.ts';
import { type BlobInfo, type BlobSource, type Blobs, isBlobId, type PutOptions } from './blobs.ts';
import { codeOf, fromFolder, ifThere, inFolder } from './folder-errors.ts';
import { MeasuredSource } from './measured-source.ts';

export interface FolderBlobsOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const incoming = 'incoming';
const inIncoming = /^(\d+)-[0-9a-f-]{36}$/;
const shard = /^[0-9a-f]$/;

/**
 * Blobs as files of one folder: `HASH/HASH/ID`, by the first digits of the id's hash, so that no folder grows large and ids that differ
 * in case alone stay apart where a file system does not. A write goes to `incoming/BEGUN-UUID` and gets its name once it is on the disk.
 */
export class FolderBlobs implements Blobs {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<string>();

  constructor({ folder, clock, logger }: FolderBlobsOptions) {
    this.#folder = folder;
    this.#clock = clock;
    this.#logger = logger;
  }

  async open(): Promise<void> {
    await inFolder(() => mkdir(join(this.#folder, incoming), { recursive: true, mode: 0o700 }));
  }

  async put(id: string, source: BlobSource, options: PutOptions): Promise<BlobInfo> {
    this.#refuseClosed();
    if (!isBlobId(id)) throw new Error('This is no id of a blob.');
    const name = `${this.#clock.now()}-${randomUUID()}`;
    const temporary = join(this.#folder, incoming, name);
    this.#underWay.add(name);
    try {
      const path = this.#pathOf(id);
      if (await isThere(path)) throw taken();
      const info = await this.#write(temporary, id, source, options);
      await inFolder(() => publish(temporary, path));
      return info;
    } finally {
      await this.#discard(temporary);
      this.#underWay.delete(name);
    }
  }

  async info(id: string): Promise<BlobInfo | undefined> {
    const file = await this.#open(id);
    if (!file) return undefined;
    try {
      return await inFolder(() => readInfo(file));
    } finally {
      await file.close();
    }
  }

  async read(id: string, range?: { readonly start: number; readonly end: number }): Promise<Readable | undefined> {
    const file = await this.#open(id);
    if (!file) return undefined;
    try {
      const { size } = await inFolder(() => readInfo(file));
      const start = range?.start ?? 0;
      const end = Math.min(range?.end ?? size, size - 1);
      if (start <= end) return file.createReadStream({ start, end });
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return Readable.from([]);
  }

  async delete(id: string): Promise<boolean> {
    this.#refuseClosed();
    if (!isBlobId(id)) return false;
    const gone = await ifThere(async () => {
      await unlink(this.#pathOf(id));
      return true;
    });
    return gone ?? false;
  }

  async list({ writtenBefore, limit, after }: Parameters<Blobs['list']>[0]): Promise<readonly BlobInfo[]> {
    this.#refuseClosed();
    const found: BlobInfo[] = [];
    if (limit < 1) return found;
    for await (const id of this.#idsAfter(after)) {
      const info = await this.#infoOrWarn(id);
      if (info && info.writtenAt < writtenBefore) found.push(info);
      if (found.length >= limit) break;
    }
    return found;
  }

  async sweepInterrupted(begunBefore: number): Promise<number> {
    this.#refuseClosed();
    let swept = 0;
    for (const name of await inFolder(() => readdir(join(this.#folder, incoming)))) {
      const begun = inIncoming.exec(name)?.[1];
      if (begun === undefined || Number(begun) >= begunBefore || this.#underWay.has(name)) continue;
      await inFolder(() => rm(join(this.#folder, incoming, name), { force: true }));
      swept++;
    }
    return swept;
  }

  async ping(): Promise<void> {
    this.#refuseClosed();
    await inFolder(() => access(join(this.#folder, incoming), constants.R_OK | constants.W_OK | constants.X_OK));
  }

  /** Writes under way are given up. */
  async close(): Promise<void> {
    this.#closing.abort(closed());
  }

  async #write(path: string, id: string, source: BlobSource, options: PutOptions): Promise<BlobInfo> {
    const measured = new MeasuredSource(source, options, { clock: this.#clock, closing: this.#closing.signal });
    const file = await inFolder(() => open(path, 'wx', 0o600));
    try {
      for await (const chunk of measured.chunks()) await inFolder(() => file.writeFile(chunk));
      const { size } = measured;
      const { mediaType } = options;
      const info = { id, mediaType, size, sha256: measured.sha256(), writtenAt: this.#clock.now() };
      await inFolder(() => file.writeFile(encodeInfo(info)));
      await inFolder(() => file.sync());
      return info;
    } finally {
      await file.close();
    }
  }

  /** One damaged file keeps no list from the others. */
  async #infoOrWarn(id: string): Promise<BlobInfo | undefined> {
    try {
      return await this.info(id);
    } catch (error) {
      if (isAppError(error)) throw error;
      this.#logger.warn('A file among the blobs cannot be read; it is passed over.', {
        'event.action': 'blob_damaged',
        error,
      });
      return undefined;
    }
  }

  /** What stays here is swept later. */
  async #discard(temporary: string): Promise<void> {
    try {
      await rm(temporary, { force: true });
    } catch (thrown) {
      const error = fromFolder(thrown);
      this.#logger.warn('A file that is not needed could not be removed.', { 'event.action': 'blob_discard', error });
    }
  }

  async #open(id: string): Promise<FileHandle | undefined> {
    this.#refuseClosed();
    return isBlobId(id) ? ifThere(() => open(this.#pathOf(id), 'r')) : undefined;
  }

  #pathOf(id: string): string {
    return join(this.#folder, ...shardOf(id), id);
  }

  /** By their shards, then by themselves: whoever goes on after an id reads nothing of the shards before its own. */
  async *#idsAfter(after: string | undefined): AsyncGenerator<string> {
    const [firstFrom, secondFrom] = after === undefined ? ['', ''] : shardOf(after);
    for (const first of await shardsIn(this.#folder, firstFrom)) {
      const isOfAfter = first === firstFrom;
      for (const second of await shardsIn(join(this.#folder, first), isOfAfter ? secondFrom : '')) {
        const names = (await ifThere(() => readdir(join(this.#folder, first, second)))) ?? [];
        const ids = names.filter(isBlobId).sort();
        yield* isOfAfter && second === secondFrom ? ids.filter((id) => id > (after ?? '')) : ids;
      }
    }
  }

  #refuseClosed(): void {
    if (this.#closing.signal.aborted) throw closed();
  }
}

const closed = () => storeUnavailable(new Error('The blobs were closed.'));
const taken = (cause?: unknown) => new AppError('conflict', 'There is a blob of this id already.', { cause });

const isThere = async (path: string): Promise<boolean> => (await ifThere(() => access(path).then(() => true))) === true;

function shardOf(id: string): readonly [string, string] {
  const [first = '', second = ''] = createHash('sha256').update(id).digest('hex');
  return [first, second];
}

const shardsIn = async (folder: string, from: string): Promise<readonly string[]> =>
  ((await ifThere(() => readdir(folder))) ?? []).filter((name) => shard.test(name) && name >= from).sort();

/** Gives a whole file its name. A link, unlike a rename, takes no name that another has got meanwhile. */
async function publish(temporary: string, path: string): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await link(temporary, path);
  } catch (error) {
    throw codeOf(error) === 'EEXIST' ? taken(error) : error;
  }
  await syncFolder(folder);
  if (made === undefined) return;
  await syncFolder(dirname(folder));
  await syncFolder(dirname(dirname(folder)));
}
