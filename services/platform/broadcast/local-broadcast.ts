import type { Logger } from '#platform/telemetry/logger.ts';
import type { Broadcast, Topic } from './broadcast.ts';
import { Subscriptions } from './subscriptions.ts';

/** The broadcast of a single process: it is never disconnected. */
export class LocalBroadcast implements Broadcast {
  readonly #subscriptions: Subscriptions;
  #closed = false;

  constructor({ logger }: { logger: Logger }) {
    this.#subscriptions = new Subscriptions(logger);
  }

  async publish<D>(topic: Topic<D>, data: D): Promise<void> {
    this.#assertOpen();
    // Not within the caller's own call, as it would not be across processes either.
    queueMicrotask(() => this.#subscriptions.deliver(topic.name, data));
  }

  subscribe<D>(topic: Topic<D>, listener: (data: D) => void): () => void {
    this.#assertOpen();
    return this.#subscriptions.add(topic, listener);
  }

  onReconnect(_listener: () => void): () => void {
    return () => {};
  }

  async ping(): Promise<void> {
    this.#assertOpen();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#subscriptions.clear();
  }

  #assertOpen(): void {
    if (this.#closed) throw new Error('The broadcast is closed.');
  }
}
