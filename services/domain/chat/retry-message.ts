import type { Principal } from '#domain/accounts/principal.ts';
import type { Hear } from '#domain/limits/rate-limit.ts';
import { AppError, notFound } from '#platform/errors.ts';
import type { ChatPorts } from './chat-ports.ts';
import type { RunRecord } from './chat-records.ts';
import { defaultModel } from './default-model.ts';
import { estimatePrompt, inputOf, reserveRun } from './reserve-run.ts';
import { blankRun, insertRun } from './send-message.ts';

const retryable = ['failed', 'interrupted', 'stopped'];

/**
 * Makes another answer to the same message, as a sibling of the one that failed, was interrupted or was stopped. Throws
 * `not_found`, `not_retryable`, `answer_running`, `rate_limited`, `too_many_answers`, `budget_spent`.
 */
export async function retryMessage(
  chat: ChatPorts,
  principal: Principal,
  messageId: string,
  hear?: Hear,
): Promise<RunRecord> {
  const message = await chat.records.messages.get(messageId);
  if (message?.ownerId !== principal.id || message.runId === undefined) throw notFound('answer');
  const [earlier, conversation] = await Promise.all([
    chat.records.runs.get(message.runId),
    chat.records.conversations.get(message.conversationId, ['deleted']),
    chat.messageLimit.take(principal.id, hear),
  ]);
  if (!earlier || conversation?.deleted) throw notFound('answer');
  if (!retryable.includes(earlier.status)) {
    throw new AppError('not_retryable', 'Only an answer that failed, was interrupted or was stopped can be retried.');
  }
  const { conversationId, userMessageId, parentId, depth, text, payloadHash } = earlier;
  const model = chat.models.get(earlier.model) ? earlier.model : defaultModel(chat);
  const run = {
    ...blankRun(chat, principal.id),
    ...{ conversationId, userMessageId, depth, text, model, payloadHash, slot: conversationId },
    ...(parentId !== undefined && { parentId }),
    clientMessageId: `retry-${chat.newId()}`,
    retryOf: earlier._id,
  };
  // The prompt is the same as before.
  const inputTokens = inputOf(earlier.reserved) || estimatePrompt(chat, text, earlier);
  const reserved = await reserveRun(chat, principal, run, inputTokens);
  await insertRun(chat, { ...run, reserved });
  return { ...run, reserved };
}
