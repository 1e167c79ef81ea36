import type { RunEvent } from '#contract/chat.ts';
import type { Message } from '#contract/conversations.ts';
import { partsOf, textOf } from './output.ts';
import { isLive, type RunRecord } from './run-records.ts';

/** What is kept of a message: of an answer by its run, and of both sides by their conversation. */
export interface KeptMessage extends Omit<Message, 'id' | 'text' | 'parts' | 'createdAt' | 'endedAt'> {
  readonly _id: string;
  readonly parts: NonNullable<Message['parts']>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly endedAt?: number | undefined;
}

interface KeptAnswer extends KeptMessage {
  readonly ownerId: string;
  readonly depth: number;
}

const moment = (ms: number): string => new Date(ms).toISOString();

/** The `run` event: which answer this is, and what it becomes. */
export const presentRun = (run: RunRecord): RunEvent => ({
  runId: run._id,
  conversationId: run.conversationId,
  messageId: run.messageId,
  userMessageId: run.userMessageId,
  clientMessageId: run.clientMessageId,
  model: run.model,
  status: run.status,
});

/** The answer of a run as it stands, as its copy in the conversation. */
export const answerMessageOf = (run: RunRecord): KeptAnswer => ({
  _id: run.messageId,
  conversationId: run.conversationId,
  ownerId: run.ownerId,
  parentId: run.userMessageId,
  depth: run.depth + 1,
  role: 'assistant',
  status: run.status === 'queued' ? 'running' : run.status,
  parts: isLive(run) ? [] : partsOf(run.output),
  runId: run._id,
  model: run.answeredBy ?? run.model,
  ...(run.usage !== undefined && { usage: run.usage }),
  ...(run.error !== undefined && { error: run.error }),
  ...(run.traceId !== '' && { traceId: run.traceId }),
  createdAt: run.createdAt,
  ...(run.endedAt !== undefined && { endedAt: run.endedAt }),
});

export const presentMessage = (message: KeptMessage): Message => ({
  id: message._id,
  conversationId: message.conversationId,
  ...(message.parentId !== undefined && { parentId: message.parentId }),
  role: message.role,
  status: message.status,
  text: textOf(message.parts),
  ...(message.parts.some((part) => part.kind !== 'text') && { parts: message.parts }),
  ...(message.runId !== undefined && { runId: message.runId }),
  ...(message.model !== undefined && { model: message.model }),
  ...(message.usage !== undefined && { usage: message.usage }),
  ...(message.error !== undefined && { error: message.error }),
  ...(message.traceId !== undefined && { traceId: message.traceId }),
  createdAt: moment(message.createdAt),
  ...(message.endedAt !== undefined && { endedAt: moment(message.endedAt) }),
});
