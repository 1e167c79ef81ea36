import type { Principal } from '#domain/accounts/principal.ts';
import type { Hear } from '#domain/limits/rate-limit.ts';
import { inputOf, reserveRun } from '#domain/runs/reserve-run.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { blankRun } from '#domain/runs/store-run.ts';
import { AppError, isAppError, notFound } from '#platform/errors.ts';
import type { ChatPorts } from './chat-ports.ts';
import type { MessageRecord } from './chat-records.ts';
import { defaultModel } from './default-model.ts';
import { estimatePrompt } from './estimate-prompt.ts';
import { giveBack, insertRun } from './send-message.ts';

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
  const taking = chat.messageLimit.take(principal.id, hear);
  try {
    const [earlier] = await Promise.all([earlierRun(chat, message, message.runId), taking]);
    const run = await newRun(chat, principal, earlier);
    await insertRun(chat, run);
    return run;
  } catch (error) {
    if (!isAppError(error) || error.status >= 500) await giveBack(chat, principal, taking);
    throw error;
  }
}

/** The run that made a message, which may be retried. */
async function earlierRun(
  { records }: ChatPorts,
  { conversationId }: Pick<MessageRecord, 'conversationId'>,
  runId: string,
): Promise<RunRecord> {
  const [earlier, conversation] = await Promise.all([
    records.runs.get(runId),
    records.conversations.get(conversationId, ['deleted']),
  ]);
  if (!earlier || conversation?.deleted) throw notFound('answer');
  if (!retryable.includes(earlier.status)) {
    throw new AppError('not_retryable', 'Only an answer that failed, was interrupted or was stopped can be retried.');
  }
  return earlier;
}

async function newRun(chat: ChatPorts, principal: Principal, earlier: RunRecord): Promise<RunRecord> {
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
  return { ...run, reserved: await reserveRun(chat, principal, run, inputTokens) };
}
