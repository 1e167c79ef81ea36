import { AppError } from '#platform/errors.ts';

const retryAfterSeconds = 2;

/** Lets `running` pieces of work go on at a time and `waiting` more wait in order; refuses the next with `too_busy`. */
export class Gate {
  readonly #most: { readonly running: number; readonly waiting: number };
  #running = 0;
  readonly #waiting: Array<() => void> = [];

  constructor(running: number, waiting: number) {
    this.#most = { running, waiting };
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most.running) await this.#turn();
    else this.#running += 1;
    try {
      return await work();
    } finally {
      // Whoever waits takes the place over, so that nobody slips in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#most.waiting) {
      throw new AppError('too_busy', 'Too many people are signing in just now. Try again in a moment.', {
        retryAfter: retryAfterSeconds,
      });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
