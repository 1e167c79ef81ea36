import type { Clock } from '#platform/clock.ts';

/** Calls back once nothing was heard for a while. A sign of life costs a look at the clock, not a timer. */
export class SilenceWatch {
  readonly #clock: Clock;
  readonly #onSilence: () => void;
  #limitMs: number;
  #heardAt: number;
  #cancel: () => void;

  constructor(clock: Clock, limitMs: number, onSilence: () => void) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#onSilence = onSilence;
    this.#heardAt = clock.monotonic();
    this.#cancel = clock.after(limitMs, () => this.#look());
  }

  /** Something was heard; the next silence may last `limitMs`. */
  heard(limitMs: number): void {
    this.#heardAt = this.#clock.monotonic();
    if (limitMs === this.#limitMs) return;
    this.#limitMs = limitMs;
    this.#cancel();
    this.#cancel = this.#clock.after(limitMs, () => this.#look());
  }

  stop(): void {
    this.#cancel();
  }

  #look(): void {
    const rest = this.#heardAt + this.#limitMs - this.#clock.monotonic();
    // A timer may fire a fraction of a millisecond early.
    if (rest < 1) this.#onSilence();
    else this.#cancel = this.#clock.after(rest, () => this.#look());
  }
}
