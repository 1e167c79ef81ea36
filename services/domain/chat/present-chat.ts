import type { Conversation } from '#contract/conversations.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import type { ConversationRecord, MessageRecord } from './chat-records.ts';

const moment = (ms: number): string => new Date(ms).toISOString();

export const presentConversation = ({ _id, title, model, createdAt, updatedAt }: ConversationRecord): Conversation => ({
  id: _id,
  title,
  ...(model !== undefined && { model }),
  createdAt: moment(createdAt),
  updatedAt: moment(updatedAt),
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
