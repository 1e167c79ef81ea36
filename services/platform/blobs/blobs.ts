import type { Readable } from 'node:stream';

/**
 * Files and media: written once under an id, never changed, read whole or in part. Nobody sees a blob before it is whole: a write that
 * is interrupted, by an error, an abort or a crash, leaves nothing that can be read, and what it left behind is swept.
 *
 * Every method throws `AppError('store_unavailable')` where the storage cannot be reached.
 */
export interface Blobs {
  /**
   * Writes a blob as it streams. Throws `AppError('conflict')` where the id is taken, `payload_too_large` beyond `maxBytes`, and the
   * source's error, or the signal's reason. One that takes longer than `longestPutMs` is given up.
   */
  put(id: string, source: BlobSource, options: PutOptions): Promise<BlobInfo>;
  info(id: string): Promise<BlobInfo | undefined>;
  /**
   * Its bytes, from `start` to `end`, both inclusive, as HTTP counts them; of what lies beyond its end, nothing. Undefined where there
   * is none of this id. Whoever does not read it to its end destroys it.
   */
  read(id: string, range?: { readonly start: number; readonly end: number }): Promise<Readable | undefined>;
  /** True where there was one. */
  delete(id: string): Promise<boolean>;
  /**
   * Those that were written before `writtenBefore` (ms since the epoch), in an order that is the storage's own and stays the same. `after`
   * is the last id of the page before, also where that blob is gone meanwhile.
   */
  list(options: {
    readonly writtenBefore: number;
    readonly limit: number;
    readonly after?: string | undefined;
  }): Promise<readonly BlobInfo[]>;
  /** Removes what interrupted writes left behind that began before `begunBefore`, longer ago than `longestPutMs`; returns how many. */
  sweepInterrupted(begunBefore: number): Promise<number>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type BlobSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface PutOptions {
  readonly mediaType: string;
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

export interface BlobInfo {
  /** Letters, digits, `-` and `_`, at most 100. */
  readonly id: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Of all its bytes, hex. */
  readonly sha256: string;
  readonly writtenAt: number;
}

/** After this a write has ended, one way or the other: what it left can be told from what is under way. */
export const longestPutMs = 15 * 60_000;

const form = /^[A-Za-z0-9_-]{1,100}$/;

/** No other is ever an id: none leads out of the folder that blobs are kept in. */
export const isBlobId = (id: string): boolean => form.test(id);
