import { AppError } from '#platform/errors.ts';
import type { RateTools } from './rate-limit.ts';

/** How many of something a person may have open at one time, in all processes together. */
export interface HoldPolicy {
  /** Names it in metrics. */
  readonly name: string;
  /** May change while everything runs. */
  readonly points: () => number;
}

/** A client that is refused tries again by itself; soon enough for one that has just closed another. */
const retryAfterSeconds = 5;

export class HoldLimit {
  readonly #policy: HoldPolicy;
  readonly #tools: Omit<RateTools, 'logger'>;

  constructor(policy: HoldPolicy, tools: Omit<RateTools, 'logger'>) {
    this.#policy = policy;
    this.#tools = tools;
  }

  /** Resolves to what gives it back; throws `too_many_streams` where the person has as many as allowed. */
  async hold(personId: string): Promise<() => void> {
    const { name } = this.#policy;
    const points = this.#policy.points();
    const leave = await this.#tools.limits.hold({ name, points }, personId);
    if (leave) return leave;
    this.#tools.metrics.limitRefusals.inc({ policy: name });
    const open = points === 1 ? 'a connection' : `${points} connections`;
    throw new AppError(
      'too_many_streams',
      `You have ${open} open, as many as allowed. Close a tab or a program first.`,
      {
        retryAfter: retryAfterSeconds,
      },
    );
  }
}
