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
   * source's error, or the signal's reason.
   */
  put(id: string, source: AsyncIterable<Uint8Array>, options: PutOptions): Promise<BlobInfo>;
  info(id: string): Promise<BlobInfo | undefined>;
  /** Its bytes, from `start` to `end`, both inclusive, as HTTP counts them. Undefined where there is none of this id. */
  read(id: string, range?: { readonly start: number; readonly end: number }): Promise<Readable | undefined>;
  /** True where there was one. */
  delete(id: string): Promise<boolean>;
  /** Those that were written before `writtenBefore` (ms since the epoch), in the order of their ids, for the sweep of what nobody refers to. */
  list(options: {
    readonly writtenBefore: number;
    readonly limit: number;
    readonly after?: string | undefined;
  }): Promise<readonly BlobInfo[]>;
  /** Removes what interrupted writes left behind that began before `begunBefore`; returns how many. */
  sweepInterrupted(begunBefore: number): Promise<number>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

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
