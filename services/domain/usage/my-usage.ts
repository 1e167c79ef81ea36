import type { MyUsage } from '#contract/usage.ts';
import type { RateLimit } from '#domain/limits/rate-limit.ts';
import type { Clock } from '#platform/clock.ts';
import type { BudgetHolder } from './budget-limits.ts';
import type { Budgets } from './budgets.ts';

export interface UsagePorts {
  readonly budgets: Budgets;
  readonly messageLimit: Pick<RateLimit, 'peek'>;
  readonly clock: Clock;
}

const moment = (ms: number): string => new Date(ms).toISOString();

/** What a person has left of tokens and of messages. */
export async function myUsage({ budgets, messageLimit, clock }: UsagePorts, person: BudgetHolder): Promise<MyUsage> {
  const [tokens, messages] = await Promise.all([budgets.stateOf(person), messageLimit.peek(person.id)]);
  return {
    tokens: { ...tokens, timeZone: person.timeZone, resetsAt: moment(tokens.resetsAt) },
    messages: {
      limit: messages.limit,
      left: messages.remaining,
      resetsAt: moment(clock.now() + messages.resetMs),
    },
  };
}
