import { randomUUID } from 'node:crypto';
import { LocalLane } from './local-lane.ts';
import type { AddOptions, Consumer, DeadLetter, JobHandler, Queue, QueueCounts, QueueSpec } from './queue.ts';
import { checkJobId, type QueueTools } from './run-job.ts';

/** Jobs within one process. They do not outlive it: what must be done stands in the store, and the sweep adds it again. */
export class LocalQueue implements Queue {
  readonly #tools: QueueTools;
  readonly #lanes = new Map<string, LocalLane>();
  #closed = false;

  constructor(tools: QueueTools) {
    this.#tools = tools;
  }

  async add<D>(queue: QueueSpec<D>, data: D, options: AddOptions = {}): Promise<void> {
    this.#lane(queue).add(checkJobId(options.id ?? randomUUID()), data, options);
  }

  consume<D>(queue: QueueSpec<D>, options: { readonly concurrency: number }, handle: JobHandler<D>): Consumer {
    return this.#lane(queue).consume(queue, options.concurrency, handle);
  }

  async counts(queue: QueueSpec<unknown>): Promise<QueueCounts> {
    return this.#lane(queue).counts();
  }

  async deadLetters(queue: QueueSpec<unknown>, limit: number): Promise<readonly DeadLetter[]> {
    return this.#lane(queue).deadLetters(limit);
  }

  async retryDeadLetter(queue: QueueSpec<unknown>, id: string): Promise<boolean> {
    return this.#lane(queue).retryDeadLetter(id);
  }

  async ping(): Promise<void> {
    this.#mustBeOpen();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
  }

  #lane(queue: QueueSpec<unknown>): LocalLane {
    this.#mustBeOpen();
    const lane = this.#lanes.get(queue.name) ?? new LocalLane(this.#tools);
    this.#lanes.set(queue.name, lane);
    return lane;
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new Error('The queue is closed.');
  }
}
