import { randomUUID } from 'node:crypto';
import { Queue as Jobs } from 'bullmq';
import type { Redis } from 'ioredis';
import { disconnectRedis } from '#platform/redis/connect-redis.ts';
import { BullConsumer, type BullSettings, bullDefaults, fromBullId, onBullError, toBullId } from './bull-consumer.ts';
import type { AddOptions, Consumer, DeadLetter, JobHandler, Queue, QueueCounts, QueueSpec } from './queue.ts';
import { checkJobId, dataOf, type QueueTools, sealJob, withDefaults } from './run-job.ts';

/** How long a caller waits for Redis. */
const patienceMs = 1_000;

/**
 * Jobs that processes share over Redis. It takes over the connection (role `queue`) and ends it with `close`; each consumer
 * has another of its own, since it waits in a blocking read.
 */
export class BullQueue implements Queue {
  readonly #redis: Redis;
  readonly #tools: QueueTools;
  readonly #settings: BullSettings;
  readonly #jobs = new Map<string, Jobs<unknown>>();
  readonly #consumers = new Set<Consumer>();
  #becomingReady: Promise<void> | undefined;
  #closed = false;

  constructor(redis: Redis, tools: QueueTools, settings: Partial<BullSettings> = {}) {
    this.#redis = redis;
    this.#tools = tools;
    this.#settings = { ...bullDefaults, ...settings };
  }

  async add<D>(queue: QueueSpec<D>, data: D, options: AddOptions = {}): Promise<void> {
    const id = toBullId(checkJobId(options.id ?? randomUUID()));
    const { attempts, backoff, delay } = withDefaults(options);
    const timestamp = this.#tools.clock.now();
    const envelope = sealJob(data, timestamp + delay);
    const settings = { jobId: id, attempts, delay, timestamp, backoff: { type: 'doubling', delay: backoff } };
    await this.#soon(async () => {
      const jobs = this.#jobsOf(queue.name);
      const add = () => jobs.add(queue.name, envelope, settings);
      // A dead letter keeps its id taken, and must not: asked beside the add, so that it costs no second round trip.
      const dead = options.id === undefined ? null : this.#redis.zscore(jobs.toKey('failed'), id);
      const [diedAt] = await Promise.all([dead, add()]);
      if (diedAt !== null && (await jobs.remove(id)) === 1) await add();
    });
  }

  consume<D>(queue: QueueSpec<D>, options: { readonly concurrency: number }, handle: JobHandler<D>): Consumer {
    const consumer = new BullConsumer(queue, handle, this.#tools);
    this.#consumers.add(consumer);
    void this.#ready().then(() => consumer.start(this.#redis, options.concurrency, this.#settings));
    return consumer;
  }

  async counts(queue: QueueSpec<unknown>): Promise<QueueCounts> {
    const states = ['wait', 'active', 'delayed', 'failed'] as const;
    const counts = await this.#soon(() => this.#jobsOf(queue.name).getJobCounts(...states));
    const { wait = 0, active = 0, delayed = 0, failed = 0 } = counts;
    return { waiting: wait, active, delayed, dead: failed };
  }

  async deadLetters(queue: QueueSpec<unknown>, limit: number): Promise<readonly DeadLetter[]> {
    if (limit <= 0) return [];
    const failed = await this.#soon(() => this.#jobsOf(queue.name).getFailed(0, limit - 1));
    return failed.map((job) => ({
      id: fromBullId(job.id),
      data: dataOf(job.data),
      attempts: job.attemptsMade,
      error: job.failedReason,
      diedAt: job.finishedOn ?? 0,
    }));
  }

  retryDeadLetter(queue: QueueSpec<unknown>, id: string): Promise<boolean> {
    return this.#soon(async () => {
      const jobs = this.#jobsOf(queue.name);
      const job = await jobs.getJob(toBullId(id));
      if (!job?.id || !(await job.isFailed())) return false;
      try {
        await job.updateData({ ...Object(job.data), dueAt: this.#tools.clock.now() });
        // BullMQ goes on counting how often its process died.
        await this.#redis.hdel(jobs.toKey(job.id), 'stc');
        await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
        return true;
      } catch (error) {
        // Another has put it back meanwhile.
        if (await job.isFailed()) throw error;
        return false;
      }
    });
  }

  async ping(): Promise<void> {
    await this.#soon(() => this.#redis.ping());
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#consumers].map((consumer) => consumer.drain(0)));
    await Promise.all([...this.#jobs.values()].map((jobs) => jobs.close()));
    await disconnectRedis(this.#redis);
  }

  #jobsOf(name: string): Jobs<unknown> {
    const known = this.#jobs.get(name);
    if (known) return known;
    const jobs = new Jobs<unknown>(name, {
      connection: this.#redis,
      prefix: this.#settings.prefix,
      // Nobody reads the events; the traces of failures are in the log.
      streams: { events: { maxLen: 100 } },
      defaultJobOptions: { stackTraceLimit: 0 },
    });
    jobs.on('error', onBullError(name, this.#tools.logger));
    this.#jobs.set(name, jobs);
    return jobs;
  }

  #ready(): Promise<void> {
    if (this.#redis.status === 'ready') return Promise.resolve();
    this.#becomingReady ??= new Promise((resolve) => {
      this.#redis.once('ready', () => {
        this.#becomingReady = undefined;
        resolve();
      });
    });
    return this.#becomingReady;
  }

  /** Does `work` when Redis is there; rejects where that takes too long for whoever waits, and then does not begin it later. */
  #soon<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('The queue is closed.'));
    return new Promise((resolve, reject) => {
      let late = false;
      const cancel = this.#tools.clock.after(patienceMs, () => {
        late = true;
        reject(
          new Error(`The queue's Redis did not answer within ${patienceMs} ms (connection: ${this.#redis.status}).`),
        );
      });
      const begin = async () => {
        await this.#ready();
        if (!late) resolve(await work());
      };
      begin().catch(reject).finally(cancel);
    });
  }
}
