import type { Clock } from '#platform/clock.ts';

interface Timer {
  at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** Lets everything that does not wait for time run to its end: microtasks, and what they put off to the next turns. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Time that passes only when told to. */
export class VirtualTime {
  #ms = 0;
  #timers: Timer[] = [];
  #order = 0;

  get ms(): number {
    return this.#ms;
  }

  async advance(ms: number): Promise<void> {
    const end = this.#ms + ms;
    for (;;) {
      const next = this.#timers[0];
      if (!next || next.at > end) break;
      this.#timers.shift();
      this.#ms = Math.max(this.#ms, next.at);
      next.fire();
      await settle();
    }
    this.#ms = end;
  }

  after(ms: number, fire: () => void): () => void {
    const timer: Timer = { at: this.#ms + Math.max(0, ms), order: this.#order++, fire };
    const place = this.#timers.findIndex((other) => other.at > timer.at);
    this.#timers.splice(place === -1 ? this.#timers.length : place, 0, timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }
}

/** A process that can be frozen (SIGSTOP) and killed (SIGKILL): its timers and replies wait, or never come. */
export class Freezable {
  readonly #time: VirtualTime;
  #frozen = false;
  #dead = false;
  #waiting: Array<() => void> = [];

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  get dead(): boolean {
    return this.#dead;
  }

  freeze(): void {
    this.#frozen = true;
  }

  thaw(): void {
    this.#frozen = false;
    for (const go of this.#waiting.splice(0)) go();
  }

  kill(): void {
    this.#dead = true;
    this.#waiting = [];
  }

  /** Calls back when the process runs: now, after a thaw, or never. */
  whenRunning(go: () => void): void {
    if (this.#dead) return;
    if (this.#frozen) this.#waiting.push(go);
    else go();
  }

  running(): Promise<void> | undefined {
    if (!this.#dead && !this.#frozen) return undefined;
    return new Promise((resolve) => this.whenRunning(resolve));
  }

  /** The clock of this process, wrong by `skewMs`. */
  clock(skewMs: number): Clock {
    return {
      now: () => 1_700_000_000_000 + this.#time.ms + skewMs,
      monotonic: () => this.#time.ms,
      after: (ms, callback) => {
        let cancelled = false;
        const cancel = this.#time.after(ms, () => this.whenRunning(() => cancelled || callback()));
        return () => {
          cancelled = true;
          cancel();
        };
      },
    };
  }
}
