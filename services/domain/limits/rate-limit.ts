import { AppError } from '#platform/errors.ts';
import type { Allowance, Limits, Policy } from '#platform/limits/limits.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';

/** How often somebody may do something, and what they are told when it was too often. */
export interface RatePolicy {
  /** Names it in metrics and logs. */
  readonly name: string;
  /** May change while everything runs. */
  readonly points: () => number;
  readonly windowMs: number;
  /** What a key of it is. A person's id is logged, anything else is nobody's business. */
  readonly by: 'person' | 'address' | 'account';
  /** Why it is refused: a sentence. */
  readonly says: (points: number) => string;
  /** What can be done later: `Send again`, to which "in 14 seconds." is added. */
  readonly again: string;
}

/** Gets what is left, before anything is refused: for the headers of a reply. */
export type Hear = (allowance: Allowance) => void;

export interface RateTools {
  readonly limits: Limits;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'limitRefusals'>;
}

/** From here on an operator wants to know. */
const warnFrom = 0.9;

/** One policy, ready to be used. */
export class RateLimit {
  readonly #policy: RatePolicy;
  readonly #tools: RateTools;

  constructor(policy: RatePolicy, tools: RateTools) {
    this.#policy = policy;
    this.#tools = tools;
  }

  /** Uses one point up; throws `rate_limited` where there is none, in words that say when there is. */
  async take(key: string, hear: Hear = () => {}): Promise<Allowance> {
    const allowance = await this.#tools.limits.consume(this.#now, key);
    hear(allowance);
    await this.#warn(allowance, key);
    if (!allowance.allowed) throw this.#refusal(allowance);
    return allowance;
  }

  /** What there is for a key, without using any. */
  peek(key: string): Promise<Allowance> {
    return this.#tools.limits.peek(this.#now, key);
  }

  /** Undoes one `take`. */
  giveBack(key: string): Promise<void> {
    return this.#tools.limits.giveBack(this.#now, key);
  }

  /** Forgets all that was taken. */
  reset(key: string): Promise<void> {
    return this.#tools.limits.reset(this.#now, key);
  }

  get #now(): Policy {
    const { name, points, windowMs } = this.#policy;
    return { name, points: points(), windowMs };
  }

  /**
   * Counts go up one by one over all processes, so exactly one of them sees the one that passes the line. What is given back lets it
   * be passed again: that the window was warned of is counted as well.
   */
  async #warn({ used, limit, resetMs }: Allowance, key: string): Promise<void> {
    if (used !== Math.ceil(limit * warnFrom)) return;
    const { name, by } = this.#policy;
    const windowMs = Math.max(1, Math.ceil(resetMs / 1_000)) * 1_000;
    const warned = await this.#tools.limits.consume({ name: `${name}:warned`, points: 1, windowMs }, key);
    if (!warned.allowed) return;
    this.#tools.logger.warn('Nine tenths of a limit are used up.', {
      'event.action': 'limit',
      'lamplight.limit.policy': name,
      'lamplight.count': used,
      ...(by === 'person' && { 'user.id': key }),
    });
  }

  #refusal({ limit, resetMs }: Allowance): AppError {
    const { name, says, again } = this.#policy;
    this.#tools.metrics.limitRefusals.inc({ policy: name });
    return new AppError('rate_limited', `${says(limit)} ${again} in ${inWords(resetMs)}.`, {
      retryAfter: resetMs / 1_000,
    });
  }
}

/** A time to wait as people say it, never too short. */
export function inWords(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  if (seconds < 120) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}
