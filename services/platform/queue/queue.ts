import type { z } from 'zod';

/**
 * Jobs, at least once: a job whose process dies runs again, so handlers are idempotent. A handler that throws is tried again
 * with back-off until its attempts are used up, or it throws `GivenUp`; then it is a dead letter. The trace of whoever adds a job goes with it.
 */
export interface Queue {
  /** Resolves once the queue has the job. A waiting or active job of the same `id` makes this a no-op. */
  add<D>(queue: QueueSpec<D>, data: D, options?: AddOptions): Promise<void>;
  consume<D>(queue: QueueSpec<D>, options: { readonly concurrency: number }, handle: JobHandler<D>): Consumer;
  counts(queue: QueueSpec<unknown>): Promise<QueueCounts>;
  /** The latest first. */
  deadLetters(queue: QueueSpec<unknown>, limit: number): Promise<readonly DeadLetter[]>;
  /** Puts a dead letter back with its attempts renewed; false where there is none of that id. */
  retryDeadLetter(queue: QueueSpec<unknown>, id: string): Promise<boolean>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A queue by name, with the schema of what its jobs carry (jobs of an earlier release are checked when taken). */
export interface QueueSpec<D> {
  readonly name: string;
  readonly data: z.ZodType<D>;
}

export interface AddOptions {
  /** Characters `a-z A-Z 0-9 - _`. Default: a fresh one. */
  readonly id?: string;
  /** Tries in all; 1 by default. */
  readonly attempts?: number;
  /** Before the second try, in ms; doubles for each further one, with jitter. 1,000 by default. */
  readonly backoff?: number;
  /** Milliseconds before the first try. */
  readonly delay?: number;
}

export interface Job<D> {
  readonly id: string;
  readonly data: D;
  /** Counts from 1. */
  readonly attempt: number;
  /** When the job was added: ms since the epoch. */
  readonly addedAt: number;
}

/** `signal` is aborted where the process must stop before the handler is done. */
export type JobHandler<D> = (job: Job<D>, signal: AbortSignal) => Promise<void>;

/** Thrown by a handler where no further try would end otherwise: the job is a dead letter at once. */
export class GivenUp extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'GivenUp';
  }
}

export interface Consumer {
  /** Takes no new job, waits up to `graceMs` for those under way, then aborts their signal and waits for them to end. */
  drain(graceMs: number): Promise<void>;
}

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly dead: number;
}

export interface DeadLetter {
  readonly id: string;
  readonly data: unknown;
  readonly attempts: number;
  readonly error: string;
  readonly diedAt: number;
}
