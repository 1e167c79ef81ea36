import type { ModelInfo } from '#contract/models.ts';
import type { BudgetHolder } from '#domain/usage/budget-limits.ts';
import type { RunPorts, RunSettings } from './run-ports.ts';
import type { RunRecord } from './run-records.ts';

/** Of a model's context, kept free for the reply where the configuration names no longest one. */
export const replyShare = 0.25;

/**
 * Holds what an answer may take of its person's budget: what its prompt is estimated at, and the longest reply that will be
 * asked of the model. Throws `too_many_answers`, `budget_spent`, `store_unavailable`.
 */
export async function reserveRun(
  ports: RunPorts,
  person: BudgetHolder,
  run: Pick<RunRecord, '_id' | 'model'>,
  inputTokens: number,
  maxOutputTokens = longestReply(ports.models.get(run.model), ports.settings),
): Promise<NonNullable<RunRecord['reserved']>> {
  const info = ports.models.get(run.model);
  const prompt = Math.min(inputTokens, info?.contextTokens ?? inputTokens);
  const reserved = await ports.budgets.reserve(person, run._id, prompt + maxOutputTokens);
  return { ...reserved, maxOutputTokens };
}

/** What the prompt of a run was estimated at; none where less was held, by who began it before, than its reply may take. */
export const inputOf = (reserved: RunRecord['reserved']): number =>
  reserved ? Math.max(0, reserved.tokens - reserved.maxOutputTokens) : 0;

/** As configured, but where a model has no limit of its own no more than what its context keeps free for a reply. */
function longestReply(info: ModelInfo | undefined, settings: Pick<RunSettings, 'maxReplyTokens'>): number {
  if (info?.maxOutputTokens !== undefined) return info.maxOutputTokens;
  const free = Math.floor((info?.contextTokens ?? Number.POSITIVE_INFINITY) * replyShare);
  return Math.max(1, Math.min(settings.maxReplyTokens, free));
}
