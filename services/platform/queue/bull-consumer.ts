import { type Job as BullJob, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Consumer, JobHandler, QueueSpec } from './queue.ts';
import { backoffDelay, deadLettersKept, type QueueTools, reportDead, runJob } from './run-job.ts';
import { UnderWay } from './under-way.ts';

export interface BullSettings {
  /** Stands before every key. */
  readonly prefix: string;
  /**
   * How long a job stays its process's own without a sign of life (one comes every half of it). Long enough for a process
   * that is busy or has lost Redis for some seconds, since what is taken from it runs twice.
   */
  readonly lockMs: number;
  /** How often a consumer looks for jobs whose process is gone: another has them at most `lockMs` plus this after its end. */
  readonly stalledCheckMs: number;
  /** A job whose process died more often than this while it held it becomes a dead letter: it may be what kills them. */
  readonly maxStalls: number;
}

export const bullDefaults: BullSettings = { prefix: 'lamplight', lockMs: 15_000, stalledCheckMs: 5_000, maxStalls: 5 };

/** How long a drain waits for Redis to hear how the last jobs ended. Where it does not, they run again elsewhere. */
const lastWordMs = 2_000;

/**
 * BullMQ takes no ids of digits alone, and keeps a job under a key that its id ends, beside its own (`delayed`, `meta`): a
 * point before them, which no id of ours can have, keeps ours apart.
 */
export const toBullId = (id: string): string => `.${id}`;
export const fromBullId = (id: string | undefined): string => (id ?? '').replace(/^\./, '');

/** Errors of the connection are told by the connection itself, once an outage. */
const connectionCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
const isOfConnection = (error: Error): boolean =>
  ('code' in error && typeof error.code === 'string' && connectionCodes.has(error.code)) ||
  /^(Connection is closed|Socket timeout|connect ETIMEDOUT)/.test(error.message);

const lostJob = /^Missing (?:key|lock) for job \.([\w-]+)/;

/** Logs what BullMQ tells by an event, since nobody waits for it. */
export const onBullError = (queue: string, logger: Logger) => (error: Error) => {
  if (isOfConnection(error)) return;
  const fields = { 'lamplight.queue.name': queue, error };
  const [, id] = lostJob.exec(error.message) ?? [];
  if (id) {
    logger.warn('A job ended that the queue had forgotten or given to another', { ...fields, 'lamplight.job.id': id });
    // Told at each sign of life; the end of the job, above, tells it again.
  } else if (error.message.startsWith('could not renew lock')) {
    logger.debug('A job under way is no longer ours', fields);
  } else logger.warn('The queue has a problem', fields);
};

export class BullConsumer<D> implements Consumer {
  readonly #spec: QueueSpec<D>;
  readonly #handle: JobHandler<D>;
  readonly #tools: QueueTools;
  readonly #underWay: UnderWay;
  #worker: Worker<unknown, void> | undefined;
  #draining = false;
  #ended: Promise<void> | undefined;

  constructor(spec: QueueSpec<D>, handle: JobHandler<D>, tools: QueueTools) {
    this.#spec = spec;
    this.#handle = handle;
    this.#tools = tools;
    this.#underWay = new UnderWay(tools.clock);
  }

  /** Once Redis is there: a worker that never met it cannot be closed. */
  start(redis: Redis, concurrency: number, settings: BullSettings): void {
    if (this.#draining) return;
    const { random, logger, metrics } = this.#tools;
    const { name } = this.#spec;
    const worker = new Worker<unknown, void>(name, (job, token) => this.#process(job, token), {
      connection: redis,
      prefix: settings.prefix,
      concurrency,
      lockDuration: settings.lockMs,
      stalledInterval: settings.stalledCheckMs,
      maxStalledCount: settings.maxStalls,
      runRetryDelay: 500,
      // Else its id would stay taken.
      removeOnComplete: { count: 0 },
      removeOnFail: { count: deadLettersKept },
      settings: { backoffStrategy: (attempt, _type, _error, job) => backoffDelay(attempt, firstBackoff(job), random) },
    });
    worker.on('error', onBullError(name, logger));
    worker.on('stalled', (id) => {
      const fields = { 'lamplight.queue.name': name, 'lamplight.job.id': fromBullId(id) };
      logger.warn('A job is taken again: the process that had it is gone', fields);
    });
    worker.on('failed', (job) => {
      if (!job?.deferredFailure) return;
      const error = new Error(job.deferredFailure);
      reportDead(name, { id: fromBullId(job.id), attempt: job.attemptsMade }, error, logger);
      metrics?.ended(name, 'dead', 0);
    });
    this.#worker = worker;
  }

  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    const closed = this.#worker?.close();
    await this.#underWay.drain(graceMs);
    this.#ended ??= this.#lastWord(closed);
    await this.#ended;
  }

  async #process(job: BullJob<unknown, void>, token: string | undefined): Promise<void> {
    if (this.#draining) return handBack(job, token);
    const taken = {
      id: fromBullId(job.id),
      attempt: job.attemptsMade + 1,
      attempts: job.opts.attempts ?? 1,
      addedAt: job.timestamp,
      envelope: job.data,
    };
    const outcome = await this.#underWay.track((signal) =>
      runJob(this.#spec, this.#handle, taken, signal, this.#tools),
    );
    if (outcome.kind === 'handed-back') return handBack(job, token);
    // Not the error itself: BullMQ reads orders from some errors' names.
    if (outcome.kind === 'retry') throw new Error(outcome.error.message);
    if (outcome.kind === 'dead') throw new UnrecoverableError(outcome.error.message);
  }

  async #lastWord(closed: Promise<void> | undefined): Promise<void> {
    if (!closed) return;
    let cancel = () => {};
    const late = new Promise<'late'>((resolve) => {
      cancel = this.#tools.clock.after(lastWordMs, () => resolve('late'));
    });
    const first = await Promise.race([closed, late]);
    cancel();
    if (first !== 'late') return;
    const fields = { 'lamplight.queue.name': this.#spec.name };
    this.#tools.logger.warn('Redis was away while a consumer ended: the jobs that it had last may run again', fields);
  }
}

const firstBackoff = (job: { opts: BullJob['opts'] } | undefined): number => {
  const backoff = job?.opts.backoff;
  return typeof backoff === 'object' ? (backoff.delay ?? 0) : (backoff ?? 0);
};

/** Puts a job back in front, as if it had not been taken. */
async function handBack(job: BullJob, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}
