import type { RunEvent } from '#contract/chat.ts';
import type { Conversation, Message } from '#contract/conversations.ts';
import { partsOf, textOf } from '#domain/runs/output.ts';
import { isLive, type RunRecord } from '#domain/runs/run-records.ts';
import type { ConversationRecord, MessageRecord } from './chat-records.ts';

const moment = (ms: number): string => new Date(ms).toISOString();

export const presentConversation = ({ _id, title, model, createdAt, updatedAt }: ConversationRecord): Conversation => ({
  id: _id,
  title,
  ...(model !== undefined && { model }),
  createdAt: moment(createdAt),
  updatedAt: moment(updatedAt),
});

export const presentMessage = (message: MessageRecord): Message => ({
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
  createdAt: moment(message.createdAt),
});

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

/** The person's message of a run, as its copy in the conversation. */
export const userMessageOf = (run: RunRecord): MessageRecord => ({
  _id: run.userMessageId,
  conversationId: run.conversationId,
  ownerId: run.ownerId,
  ...(run.parentId !== undefined && { parentId: run.parentId }),
  depth: run.depth,
  role: 'user',
  status: 'complete',
  parts: [{ kind: 'text', text: run.text }],
  createdAt: run.createdAt,
});

/** The answer of a run as it stands, as its copy in the conversation. */
export const answerMessageOf = (run: RunRecord): MessageRecord => ({
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
  createdAt: run.createdAt,
});
