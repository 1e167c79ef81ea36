import type { Clock } from '#platform/clock.ts';
import { isAppError } from '#platform/errors.ts';
import type { Store } from '#platform/store/store.ts';
import type { Logger } from '#platform/telemetry/logger.ts';

const tryEveryMs = 1_000;

/**
 * The store as soon as it can be reached: a process and its database often start together, or the network of a new pod comes
 * a moment late. Throws what the last try threw where that takes more than `patienceMs`.
 */
export async function waitForStore(
  open: () => Promise<Store>,
  { clock, logger, patienceMs }: { clock: Clock; logger: Logger; patienceMs: number },
): Promise<Store> {
  const end = clock.monotonic() + patienceMs;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isAppError(error, 'store_unavailable') || clock.monotonic() >= end) throw error;
      logger.warn('The database cannot be reached yet; trying again.', { 'event.action': 'store_wait', error });
    }
    await new Promise<void>((resolve) => clock.after(tryEveryMs, resolve));
  }
}
