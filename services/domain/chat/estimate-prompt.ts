import { inputOf } from '#domain/runs/reserve-run.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { tokensAtMost } from '#platform/models/models.ts';
import type { ChatPorts } from './chat-ports.ts';

/** What stands before a message, as far as its cost goes: the latest answer of its conversation. */
export type RunBefore = Pick<RunRecord, 'usage' | 'reserved'>;
export const runBeforeFields = ['usage', 'reserved'] as const;

/** What messages cost beside their texts: roles and separators of the system text, the message and the reply. */
const tokensOfForm = 16;

/**
 * Tokens of the prompt, rather too many: what the answer before took (its prompt was the system text and the history, its output
 * is now part of it), the system text and the message. An answer that took nothing has what its own prompt was estimated at.
 */
export function estimatePrompt(
  { settings }: Pick<ChatPorts, 'settings'>,
  text: string,
  before: RunBefore | undefined,
): number {
  const history = before?.usage ? before.usage.inputTokens + before.usage.outputTokens : inputOf(before?.reserved);
  return history + tokensAtMost(settings.systemText) + tokensAtMost(text) + tokensOfForm;
}
