import type { Clock } from '#platform/clock.ts';

/**
 * How long to wait before try `tried + 1`: full jitter, so that callers who failed together do not come back together
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). `random` gives [0, 1).
 */
export const backOffMs = (tried: number, random: () => number, { baseMs = 400, maxMs = 8_000 } = {}): number =>
  random() * Math.min(maxMs, baseMs * 2 ** (tried - 1));

/** Waits; throws the signal's reason as soon as it is aborted. */
export function wait(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const abort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}
