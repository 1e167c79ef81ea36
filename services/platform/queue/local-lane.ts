import type { AddOptions, Consumer, DeadLetter, JobHandler, QueueCounts, QueueSpec } from './queue.ts';
import {
  backoffDelay,
  dataOf,
  deadLettersKept,
  type Envelope,
  type JobOutcome,
  type QueueTools,
  runJob,
  sealJob,
  type TakenJob,
  withDefaults,
} from './run-job.ts';
import { UnderWay } from './under-way.ts';

interface LocalJob {
  readonly id: string;
  /** As JSON, so that a job carries the same here as over Redis. */
  envelope: string;
  readonly attempts: number;
  readonly backoff: number;
  readonly addedAt: number;
  attempt: number;
}

interface DeadJob {
  readonly job: LocalJob;
  readonly error: string;
  readonly diedAt: number;
}

interface LocalConsumer extends Consumer {
  hasRoom(): boolean;
  start(job: LocalJob): void;
}

/** The longest time that a timer can wait, in ms. */
const longestTimer = 2 ** 31 - 1;

/** The jobs of one queue in the process, and who takes them. */
export class LocalLane {
  readonly #tools: QueueTools;
  /** All that are waiting, delayed or active. */
  readonly #jobs = new Map<string, LocalJob>();
  readonly #waiting = new Set<LocalJob>();
  /** With what cancels the timer. */
  readonly #delayed = new Map<LocalJob, () => void>();
  readonly #dead = new Map<string, DeadJob>();
  /** Whoever took a job last stands last. */
  readonly #consumers = new Set<LocalConsumer>();
  #handingOut = false;
  #closed = false;

  constructor(tools: QueueTools) {
    this.#tools = tools;
  }

  add(id: string, data: unknown, options: AddOptions): void {
    if (this.#jobs.has(id)) return;
    const { attempts, backoff, delay } = withDefaults(options);
    const addedAt = this.#tools.clock.now();
    const envelope = JSON.stringify(sealJob(data, addedAt + delay));
    this.#dead.delete(id);
    this.#enter({ id, envelope, attempts, backoff, addedAt, attempt: 0 }, delay);
  }

  consume<D>(spec: QueueSpec<D>, concurrency: number, handle: JobHandler<D>): Consumer {
    const underWay = new UnderWay(this.#tools.clock);
    let draining = false;
    const consumer: LocalConsumer = {
      hasRoom: () => !draining && underWay.size < concurrency,
      start: (job) => {
        job.attempt += 1;
        const taken: TakenJob = { ...job, envelope: JSON.parse(job.envelope) };
        void underWay
          .track(async (signal) => this.#settle(job, await runJob(spec, handle, taken, signal, this.#tools)))
          .then(() => this.#handOut());
      },
      drain: async (graceMs) => {
        draining = true;
        await underWay.drain(graceMs);
        this.#consumers.delete(consumer);
      },
    };
    this.#consumers.add(consumer);
    this.#handOut();
    return consumer;
  }

  counts(): QueueCounts {
    const waiting = this.#waiting.size;
    const delayed = this.#delayed.size;
    return { waiting, active: this.#jobs.size - waiting - delayed, delayed, dead: this.#dead.size };
  }

  deadLetters(limit: number): DeadLetter[] {
    const latest = [...this.#dead.values()].reverse().slice(0, Math.max(0, limit));
    return latest.map(({ job, error, diedAt }) => {
      return { id: job.id, data: dataOf(JSON.parse(job.envelope)), attempts: job.attempt, error, diedAt };
    });
  }

  retryDeadLetter(id: string): boolean {
    const dead = this.#dead.get(id);
    if (!dead) return false;
    this.#dead.delete(id);
    const envelope: Envelope = { ...JSON.parse(dead.job.envelope), dueAt: this.#tools.clock.now() };
    this.#enter({ ...dead.job, envelope: JSON.stringify(envelope), attempt: 0 }, 0);
    return true;
  }

  /** Forgets what waits, and ends what is under way as a drain without grace does. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#delayed.values()) cancel();
    this.#delayed.clear();
    this.#waiting.clear();
    await Promise.all([...this.#consumers].map((consumer) => consumer.drain(0)));
    this.#jobs.clear();
  }

  #enter(job: LocalJob, delay: number): void {
    if (this.#closed) return;
    this.#jobs.set(job.id, job);
    if (delay > 0) this.#delay(job, delay);
    else this.#wait(job);
  }

  #delay(job: LocalJob, ms: number): void {
    const part = Math.min(ms, longestTimer);
    const cancel = this.#tools.clock.after(part, () => {
      this.#delayed.delete(job);
      if (ms > part) this.#delay(job, ms - part);
      else this.#wait(job);
    });
    this.#delayed.set(job, cancel);
  }

  #wait(job: LocalJob): void {
    this.#waiting.add(job);
    this.#handOut();
  }

  /** In a microtask, so that no handler runs within the call of whoever adds a job. */
  #handOut(): void {
    if (this.#handingOut) return;
    this.#handingOut = true;
    queueMicrotask(() => {
      this.#handingOut = false;
      for (const job of this.#waiting) {
        const consumer = this.#nextConsumer();
        if (!consumer) return;
        this.#waiting.delete(job);
        consumer.start(job);
      }
    });
  }

  #nextConsumer(): LocalConsumer | undefined {
    for (const consumer of this.#consumers) {
      if (!consumer.hasRoom()) continue;
      this.#consumers.delete(consumer);
      this.#consumers.add(consumer);
      return consumer;
    }
    return undefined;
  }

  #settle(job: LocalJob, outcome: JobOutcome): void {
    if (outcome.kind === 'handed-back') {
      job.attempt -= 1;
      this.#wait(job);
    } else if (outcome.kind === 'retry') {
      this.#enter(job, backoffDelay(job.attempt, job.backoff, this.#tools.random));
    } else {
      this.#jobs.delete(job.id);
      if (outcome.kind === 'dead') this.#bury(job, outcome.error);
    }
  }

  #bury(job: LocalJob, error: Error): void {
    this.#dead.set(job.id, { job, error: error.message, diedAt: this.#tools.clock.now() });
    if (this.#dead.size <= deadLettersKept) return;
    for (const oldest of this.#dead.keys()) {
      this.#dead.delete(oldest);
      return;
    }
  }
}
