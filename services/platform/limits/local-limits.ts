import { RateLimiterMemory } from 'rate-limiter-flexible';
import { type Allowance, allowanceOf, type Limits, nameOfCount, type Policy } from './limits.ts';
import { LocalHolds } from './local-holds.ts';

/** Some 300 bytes each: whoever comes with ever new keys must not fill the memory. */
const defaultMaxCounts = 100_000;

/** Counts in this process. Holds at most `maxCounts`; beyond them the one that began first is forgotten, which would end first. */
export class LocalLimits implements Limits {
  /** Durations are given with each call, and points are compared here, since both are the policy's. */
  readonly #counts = new RateLimiterMemory({ keyPrefix: '', points: 1, duration: 1 });
  readonly #maxCounts: number;
  readonly #holds = new LocalHolds();
  /** In the order in which their windows began; some may have ended since. */
  readonly #names = new Set<string>();

  constructor({ maxCounts = defaultMaxCounts }: { readonly maxCounts?: number } = {}) {
    this.#maxCounts = maxCounts;
  }

  async consume(policy: Policy, key: string, points = 1): Promise<Allowance> {
    const name = nameOfCount(policy, key);
    const count = await this.#counts.penalty(name, points, { customDuration: policy.windowMs / 1_000 });
    if (count.isFirstInDuration) await this.#keep(name);
    return allowanceOf(policy, count.consumedPoints, count.msBeforeNext);
  }

  async peek(policy: Policy, key: string): Promise<Allowance> {
    const count = await this.#counts.get(nameOfCount(policy, key));
    return count ? allowanceOf(policy, count.consumedPoints, count.msBeforeNext) : allowanceOf(policy, 0, 0);
  }

  async giveBack(policy: Policy, key: string, points = 1): Promise<void> {
    const { used } = await this.peek(policy, key);
    const back = Math.min(points, used);
    if (back > 0) await this.#counts.reward(nameOfCount(policy, key), back);
  }

  async reset(policy: Policy, key: string): Promise<void> {
    await this.#forget(nameOfCount(policy, key));
  }

  async hold(policy: Pick<Policy, 'name' | 'points'>, key: string): Promise<(() => void) | undefined> {
    return this.#holds.take(nameOfCount(policy, key), policy.points);
  }

  async close(): Promise<void> {
    for (const name of this.#names) await this.#forget(name);
  }

  async #keep(name: string): Promise<void> {
    this.#names.delete(name);
    this.#names.add(name);
    const [oldest] = this.#names;
    if (this.#names.size > this.#maxCounts && oldest !== undefined) await this.#forget(oldest);
  }

  async #forget(name: string): Promise<void> {
    this.#names.delete(name);
    await this.#counts.delete(name);
  }
}
