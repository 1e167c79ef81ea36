import type { ModelInfo } from '#contract/models.ts';
import { replyShare } from '#domain/chat/build-context.ts';
import type { ChatPorts, ChatSettings } from '#domain/chat/chat-ports.ts';
import type { RunRecord } from '#domain/chat/chat-records.ts';
import type { BudgetHolder } from '#domain/usage/budget-limits.ts';

/** What stands before a message, as far as its cost goes: the latest answer of its conversation. */
export type RunBefore = Pick<RunRecord, 'usage' | 'reserved'>;
export const runBeforeFields = ['usage', 'reserved'] as const;

/** What messages cost beside their texts: roles and separators of the system text, the message and the reply. */
const tokensOfForm = 16;

/**
 * Holds what an answer may take of its person's budget: what its prompt is estimated at, and the longest reply that will be
 * asked of the model. Throws `too_many_answers`, `budget_spent`, `store_unavailable`.
 */
export async function reserveRun(
  chat: ChatPorts,
  person: BudgetHolder,
  run: Pick<RunRecord, '_id' | 'model'>,
  inputTokens: number,
): Promise<NonNullable<RunRecord['reserved']>> {
  const info = chat.models.get(run.model);
  const maxOutputTokens = longestReply(info, chat.settings);
  const prompt = Math.min(inputTokens, info?.contextTokens ?? inputTokens);
  const reserved = await chat.budgets.reserve(person, run._id, prompt + maxOutputTokens);
  return { ...reserved, maxOutputTokens };
}

/**
 * Tokens of the prompt, rather too many: what the answer before took (its prompt was the system text and the history, its output
 * is now part of it), the system text and the message. An answer that took nothing has what its own prompt was estimated at.
 */
export function estimatePrompt({ settings }: ChatPorts, text: string, before: RunBefore | undefined): number {
  const history = before?.usage ? before.usage.inputTokens + before.usage.outputTokens : inputOf(before?.reserved);
  return history + tokensOfText(settings.systemText) + tokensOfText(text) + tokensOfForm;
}

/** What the prompt of a run was estimated at. */
export const inputOf = (reserved: RunRecord['reserved']): number =>
  reserved ? reserved.tokens - reserved.maxOutputTokens : 0;

/** As configured, but where a model has no limit of its own no more than what its context keeps free for a reply. */
function longestReply(info: ModelInfo | undefined, settings: Pick<ChatSettings, 'maxReplyTokens'>): number {
  if (info?.maxOutputTokens !== undefined) return info.maxOutputTokens;
  const free = Math.floor((info?.contextTokens ?? Number.POSITIVE_INFINITY) * replyShare);
  return Math.max(1, Math.min(settings.maxReplyTokens, free));
}

/**
 * By bytes, since tokenizers begin from those: three make a token. English takes four and more, Chinese and Japanese
 * about three (a character), Cyrillic four to five.
 */
const tokensOfText = (text: string): number => Math.ceil(Buffer.byteLength(text) / 3);
