import { createHash } from 'node:crypto';
import type { Clock } from '#platform/clock.ts';
import { AppError } from '#platform/errors.ts';
import { type BlobSource, longestPutMs, type PutOptions } from './blobs.ts';

/** What a blob is made of, counted and hashed as it goes by. */
export class MeasuredSource {
  readonly #source: BlobSource;
  readonly #options: PutOptions;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #closing: AbortSignal;
  readonly #hash = createHash('sha256');
  size = 0;

  /** `closing`: ends it as the signal of `options` does. */
  constructor(
    source: BlobSource,
    options: PutOptions,
    { clock, closing }: { readonly clock: Pick<Clock, 'after'>; readonly closing: AbortSignal },
  ) {
    this.#source = source;
    this.#options = options;
    this.#clock = clock;
    this.#closing = closing;
  }

  /** Throws the source's error, `payload_too_large`, or why it was ended: also where the source itself stands still. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const { maxBytes, signal } = this.#options;
    const late = new AbortController();
    const cancel = this.#clock.after(longestPutMs, () => {
      late.abort(new Error(`A blob was not written within ${longestPutMs / 60_000} minutes.`));
    });
    const ended = AbortSignal.any([late.signal, this.#closing, ...(signal ? [signal] : [])]);
    const stopped = Promise.withResolvers<never>();
    stopped.promise.catch(() => {}); // Who waits for a chunk hears of it; between two nobody does.
    const stop = () => stopped.reject(ended.reason);
    ended.addEventListener('abort', stop);
    if (ended.aborted) stop();
    const chunks = iteratorOf(this.#source);
    try {
      for (;;) {
        const { done, value } = await Promise.race([stopped.promise, chunks.next()]);
        if (done) return;
        this.size += value.byteLength;
        if (this.size > maxBytes) {
          throw new AppError('payload_too_large', `It is larger than ${(maxBytes / 1e6).toLocaleString('en')} MB.`);
        }
        this.#hash.update(value);
        yield value;
      }
    } finally {
      cancel();
      ended.removeEventListener('abort', stop);
      // Not awaited: a source that stands still would never end.
      Promise.resolve(chunks.return?.()).catch(() => {});
    }
  }

  /** Hex; to be asked once, after the last chunk. */
  sha256(): string {
    return this.#hash.digest('hex');
  }
}

const iteratorOf = (source: BlobSource): AsyncIterator<Uint8Array> | Iterator<Uint8Array> =>
  Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
