import type { TokenUsage } from '#contract/conversations.ts';
import { inputOf } from './reserve-run.ts';
import type { RunRecord } from './run-records.ts';

type Spent = NonNullable<RunRecord['spent']>;

/**
 * An estimate, but no more than was held: a provider was asked for no longer a reply, and the prompt that was held for comes from what
 * it counted before. What a provider itself counted stays as it is.
 */
export function withinHeld(usage: TokenUsage, reserved: RunRecord['reserved']): TokenUsage {
  if (!usage.estimated || !reserved) return usage;
  return {
    ...usage,
    inputTokens: Math.min(usage.inputTokens, inputOf(reserved)),
    outputTokens: Math.min(usage.outputTokens, reserved.maxOutputTokens),
  };
}

/** With a call to the model that had given so much when its attempt ended early: the provider bills it, too. */
export const withCall = (spent: Spent | undefined, outputTokens: number): Spent | undefined =>
  outputTokens === 0
    ? spent
    : { calls: (spent?.calls ?? 0) + 1, outputTokens: (spent?.outputTokens ?? 0) + outputTokens };

/**
 * What a run took: the call that ended it, which the provider counted, and those of attempts before, of which the length is
 * known. Each of them read the same prompt. Undefined where nothing was spent.
 */
export function usageOf(
  run: Pick<RunRecord, 'spent' | 'reserved'>,
  last: TokenUsage | undefined,
): TokenUsage | undefined {
  const { spent } = run;
  if (!spent) return last;
  const prompt = last?.inputTokens ?? inputOf(run.reserved);
  return {
    ...last,
    inputTokens: prompt * spent.calls + (last?.inputTokens ?? 0),
    outputTokens: spent.outputTokens + (last?.outputTokens ?? 0),
    estimated: true,
  };
}
