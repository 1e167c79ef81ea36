import { type Redis, ReplyError } from 'ioredis';
import { connectRedis, disconnectRedis, firstAttempt } from '#platform/redis/connect-redis.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Broadcast, Topic } from './broadcast.ts';
import { Subscriptions } from './subscriptions.ts';

const prefix = 'lamplight:broadcast:';

interface Options {
  readonly logger: Logger;
  /** A connection that only listens never learns by itself that the other side is gone; it asks this often. */
  readonly heartbeatMs?: number;
}

/** The broadcast on Redis: one connection (RESP3) that both publishes and subscribes. */
export class RedisBroadcast implements Broadcast {
  readonly #redis: Redis;
  readonly #logger: Logger;
  readonly #subscriptions: Subscriptions;
  readonly #reconnectListeners = new Set<() => void>();
  readonly #heartbeat: NodeJS.Timeout;
  #connectedBefore = false;

  constructor(url: string, { logger, heartbeatMs = 5000 }: Options) {
    this.#logger = logger;
    this.#subscriptions = new Subscriptions(logger);
    this.#redis = connectRedis(url, { role: 'subscriber', logger });
    this.#redis.on('message', (channel: string, message: string) => this.#receive(channel, message));
    this.#redis.on('ready', () => void this.#subscribeAgain());
    this.#heartbeat = setInterval(() => {
      // Without an answer the connection is ended, and made again, by its `socketTimeout`.
      if (this.#redis.status === 'ready') this.#redis.ping().catch(() => {});
    }, heartbeatMs).unref();
  }

  /** Connects; where Redis is away it resolves too, and `publish` throws until Redis is there. */
  static async connect(url: string, options: Options): Promise<RedisBroadcast> {
    const broadcast = new RedisBroadcast(url, options);
    await firstAttempt(broadcast.#redis);
    return broadcast;
  }

  async publish<D>(topic: Topic<D>, data: D): Promise<void> {
    await this.#redis.publish(prefix + topic.name, JSON.stringify(data));
  }

  subscribe<D>(topic: Topic<D>, listener: (data: D) => void): () => void {
    const { name } = topic;
    const isFirst = !this.#subscriptions.has(name);
    const remove = this.#subscriptions.add(topic, listener);
    if (isFirst && this.#redis.status === 'ready') {
      this.#redis.subscribe(prefix + name).catch((error) => this.#report(error));
    }
    return () => {
      const had = this.#subscriptions.has(name);
      remove();
      if (!had || this.#subscriptions.has(name) || this.#redis.status !== 'ready') return;
      this.#redis.unsubscribe(prefix + name).catch((error) => this.#report(error));
    };
  }

  onReconnect(listener: () => void): () => void {
    this.#reconnectListeners.add(listener);
    return () => this.#reconnectListeners.delete(listener);
  }

  async ping(): Promise<void> {
    await this.#redis.ping();
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#subscriptions.clear();
    this.#reconnectListeners.clear();
    await disconnectRedis(this.#redis);
  }

  #receive(channel: string, message: string): void {
    const name = channel.slice(prefix.length);
    let data: unknown;
    try {
      data = JSON.parse(message);
    } catch (error) {
      this.#logger.warn(`A broadcast on ${name} is not JSON and is dropped.`, { error });
      return;
    }
    this.#subscriptions.deliver(name, data);
  }

  async #subscribeAgain(): Promise<void> {
    const { names } = this.#subscriptions;
    const missedSome = this.#connectedBefore || names.length > 0;
    this.#connectedBefore = true;
    try {
      if (names.length > 0) await this.#redis.subscribe(...names.map((name) => prefix + name));
    } catch (error) {
      this.#report(error);
      // Without an answer nobody can be told since when nothing is missed: begin again.
      if (!(error instanceof ReplyError) && this.#redis.status === 'ready') this.#redis.disconnect(true);
      return;
    }
    if (!missedSome) return;
    for (const listener of this.#reconnectListeners) this.#subscriptions.call('reconnect', listener);
  }

  /** A connection that is lost is in the log already, and is made anew with all its subscriptions; a refusal is neither. */
  #report(error: unknown): void {
    if (error instanceof ReplyError) this.#logger.error('Redis refused a subscription to broadcasts.', { error });
  }
}
