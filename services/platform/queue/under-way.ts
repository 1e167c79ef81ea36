import type { Clock } from '#platform/clock.ts';

/** The jobs that one consumer has under way, and how they are brought to an end. */
export class UnderWay {
  readonly #clock: Clock;
  readonly #running = new Set<AbortController>();
  #onIdle: Array<() => void> = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#running.size;
  }

  /** Each job has a signal of its own, so that what a handler hangs on it goes with the job. */
  async track<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    this.#running.add(abort);
    try {
      return await work(abort.signal);
    } finally {
      this.#running.delete(abort);
      if (this.#running.size === 0) for (const tell of this.#onIdle.splice(0)) tell();
    }
  }

  /** Waits for them up to `graceMs`, then aborts their signals and waits on. A second call may shorten the grace of the first. */
  async drain(graceMs: number): Promise<void> {
    if (this.#running.size === 0) return;
    const idle = new Promise<void>((resolve) => this.#onIdle.push(resolve));
    if (graceMs <= 0) this.#abort();
    const cancel = graceMs > 0 ? this.#clock.after(graceMs, () => this.#abort()) : undefined;
    await idle;
    cancel?.();
  }

  #abort(): void {
    for (const abort of this.#running) abort.abort(new Error('The process has to stop.'));
  }
}
