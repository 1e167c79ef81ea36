import type { Clock } from '#platform/clock.ts';
import type { Collection } from '#platform/store/store.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { hourKey, hourOf, nobody, noModel, type UsageLine, type UsageShare } from './usage-records.ts';
import { addCounts } from './usage-shares.ts';

const flushEveryMs = 1_000;
/** Of one share; a minute after an outage there may be more. */
const mostLines = 1_000;

export interface RequestCounterOptions {
  readonly shares: Collection<UsageShare>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newId: () => string;
}

/**
 * Counts the requests that a process answers. What was counted waits in memory, one line a person and hour, until it is stored:
 * about a second later, or when the store is back. A share keeps its id until it is known to be stored, so that repeating a
 * write whose reply was lost counts nothing twice.
 */
export class RequestCounter {
  readonly #options: RequestCounterOptions;
  #waiting = new Map<string, UsageLine>();
  /** What is being stored, unchanged until it is. */
  #share: UsageShare | undefined;
  #failing = false;
  #storing: Promise<void> = Promise.resolve();
  #cancel = () => {};
  #closed = false;

  constructor(options: RequestCounterOptions) {
    this.#options = options;
  }

  /** Takes no time and never fails. */
  count(personId: string = nobody, { error }: { readonly error: boolean }): void {
    const at = this.#options.clock.now();
    const hour = hourOf(at);
    const key = hourKey({ hour, personId, model: noModel });
    const line = this.#waiting.get(key) ?? { personId, model: noModel, hour, at, counts: {} };
    addCounts(line.counts, { requests: 1, ...(error && { errors: 1 }) });
    this.#waiting.set(key, { ...line, at: Math.max(line.at, at) });
  }

  /** Stores what was counted about once a second from now on. */
  start(): void {
    if (this.#closed) return;
    this.#cancel = this.#options.clock.after(flushEveryMs, () => {
      void this.flush().finally(() => this.start());
    });
  }

  /** Stores what was counted; a failure is logged, and the rest waits for the next time. */
  flush(): Promise<void> {
    this.#storing = this.#storing.then(() => this.#storeAll());
    return this.#storing;
  }

  /** Stores the rest, as far as the store takes it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.flush();
    if (!this.#share) return;
    this.#options.logger.error('Requests of the last seconds are not in the usage: the store did not take them.', {
      'event.action': 'usage_flush',
      'lamplight.count': this.#lines(),
    });
  }

  async #storeAll(): Promise<void> {
    try {
      for (this.#share ??= this.#next(); this.#share; this.#share = this.#next()) {
        await this.#options.shares.insertMissing([this.#share]);
        this.#failing = false;
      }
    } catch (error) {
      const lines = this.#lines();
      if (!this.#failing)
        this.#options.logger.warn('Usage waits in memory: the store does not take it.', {
          'event.action': 'usage_flush',
          'lamplight.count': lines,
          error,
        });
      this.#failing = true;
    }
  }

  #next(): UsageShare | undefined {
    if (this.#waiting.size === 0) return undefined;
    const { clock, newId } = this.#options;
    const taken = [...this.#waiting].slice(0, mostLines);
    for (const [key] of taken) this.#waiting.delete(key);
    return {
      _id: newId(),
      kind: 'requests',
      lines: taken.map(([, line]) => line),
      folded: false,
      createdAt: clock.now(),
    };
  }

  #lines(): number {
    return this.#waiting.size + (this.#share?.lines.length ?? 0);
  }
}
