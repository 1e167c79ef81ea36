import type { Clock } from '#platform/clock.ts';
import { isAppError } from '#platform/errors.ts';

const retryMs = 250;

/** Does what reads from the store; while that is away it waits, as the commit at a run's end does, unless `signal` is aborted. */
export async function whenStoreAnswers<T>(clock: Clock, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAppError(error, 'store_unavailable') || signal.aborted) throw error;
      await new Promise<void>((resolve) => clock.after(retryMs, resolve));
    }
  }
}
