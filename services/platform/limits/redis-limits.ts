import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { connectRedis, disconnectRedis, firstAttempt } from '#platform/redis/connect-redis.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { type Allowance, allowanceOf, type Limits, nameOfCount, type Policy } from './limits.ts';
import { LocalLimits } from './local-limits.ts';
import { RedisHolds } from './redis-holds.ts';

const prefix = 'lamplight:limit';

/**
 * Adds points to a count, which begins a window where there is none; answers the count and how long its window lasts. The library's
 * own script, but that points are taken back only as far as there are some: giving back must not become credit. ARGV: points, seconds.
 */
const addPoints = `
local points = tonumber(ARGV[1])
if points < 0 then
  local used = tonumber(redis.call('GET', KEYS[1]) or '0')
  if used <= 0 then return {0, 0} end
  points = math.max(points, -used)
end
redis.call('SET', KEYS[1], 0, 'EX', ARGV[2], 'NX')
return {redis.call('INCRBY', KEYS[1], points), redis.call('PTTL', KEYS[1])}`;

export interface RedisLimitsOptions {
  readonly logger: Logger;
  /** Called with each count that Redis should have kept and did not. */
  readonly onLocal?: () => void;
  /** How often this process says again what it holds. */
  readonly renewMs?: number;
}

/** Counts in Redis, for all processes. Where Redis does not answer in time, counts here: see `connectRedis` for that time. */
export class RedisLimits implements Limits {
  readonly #redis: Redis;
  readonly #counts: RateLimiterRedis;
  readonly #local = new LocalLimits();
  readonly #holds: RedisHolds;
  readonly #logger: Logger;
  readonly #onLocal: () => void;
  #isLocal = false;

  constructor(url: string, { logger, onLocal = () => {}, renewMs }: RedisLimitsOptions) {
    this.#logger = logger;
    this.#onLocal = onLocal;
    this.#redis = connectRedis(url, { role: 'limits', logger });
    this.#holds = new RedisHolds(this.#redis, `${prefix}:held`, {
      renewMs,
      onAnswer: () => this.#countsTogether(),
      onFailure: (error) => this.#countsHere(error),
    });
    this.#counts = new RateLimiterRedis({
      storeClient: this.#redis,
      rejectIfRedisNotReady: true,
      customIncrTtlLuaScript: addPoints,
      keyPrefix: prefix,
      points: 1,
      duration: 1,
    });
  }

  /** Connects; where Redis is away it resolves too, and counts here until Redis is there. */
  static async connect(url: string, options: RedisLimitsOptions): Promise<RedisLimits> {
    const limits = new RedisLimits(url, options);
    await firstAttempt(limits.#redis);
    return limits;
  }

  consume(policy: Policy, key: string, points = 1): Promise<Allowance> {
    const options = { customDuration: policy.windowMs / 1_000 };
    return this.#orHere(
      async () => {
        const count = await this.#counts.penalty(nameOfCount(policy, key), points, options);
        return allowanceOf(policy, count.consumedPoints, count.msBeforeNext);
      },
      () => this.#local.consume(policy, key, points),
    );
  }

  peek(policy: Policy, key: string): Promise<Allowance> {
    return this.#orHere(
      async () => {
        const count = await this.#counts.get(nameOfCount(policy, key));
        return count ? allowanceOf(policy, count.consumedPoints, count.msBeforeNext) : allowanceOf(policy, 0, 0);
      },
      () => this.#local.peek(policy, key),
    );
  }

  giveBack(policy: Policy, key: string, points = 1): Promise<void> {
    const options = { customDuration: policy.windowMs / 1_000 };
    return this.#orHere(
      async () => {
        await this.#counts.reward(nameOfCount(policy, key), points, options);
      },
      () => this.#local.giveBack(policy, key, points),
    );
  }

  /** Here, too: it may have been counted here before. */
  async reset(policy: Policy, key: string): Promise<void> {
    await this.#local.reset(policy, key);
    await this.#orHere(
      async () => {
        await this.#counts.delete(nameOfCount(policy, key));
      },
      async () => {},
    );
  }

  hold(policy: Pick<Policy, 'name' | 'points'>, key: string): Promise<(() => void) | undefined> {
    return this.#holds.take(nameOfCount(policy, key), policy.points);
  }

  async close(): Promise<void> {
    await this.#holds.close();
    await this.#local.close();
    await disconnectRedis(this.#redis);
  }

  /** The library's own insurance neither tells that it is in use nor bounds what it keeps. */
  async #orHere<T>(ask: () => Promise<T>, here: () => Promise<T>): Promise<T> {
    try {
      const answer = await ask();
      this.#countsTogether();
      return answer;
    } catch (error) {
      this.#countsHere(error);
      return here();
    }
  }

  #countsTogether(): void {
    if (this.#isLocal) this.#logger.info('Limits are counted for all processes again.', { 'event.action': 'limits' });
    this.#isLocal = false;
  }

  #countsHere(error: unknown): void {
    if (!this.#isLocal)
      this.#logger.warn('Limits are counted by this process alone until Redis answers.', {
        'event.action': 'limits',
        error,
      });
    this.#isLocal = true;
    this.#onLocal();
  }
}
