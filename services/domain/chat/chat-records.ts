import { z } from 'zod';
import { messagePart, runOutcome, tokenUsage } from '#contract/conversations.ts';
import { failure, openRunRecords, type RunRecords, runCollection } from '#domain/runs/run-records.ts';
import type { Collection, CollectionSpec, Store } from '#platform/store/store.ts';

const conversation = z.object({
  _id: z.string(),
  ownerId: z.string(),
  title: z.string(),
  /** Who wrote the title: a model replaces a provisional one, nobody replaces a person's. */
  titleSource: z.enum(['provisional', 'model', 'person']),
  model: z.string().optional(),
  /** A tombstone: readers are closed and nothing is sent any more; the sweep removes the rest. */
  deleted: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type ConversationRecord = z.infer<typeof conversation>;

const message = z.object({
  _id: z.string(),
  conversationId: z.string(),
  ownerId: z.string(),
  parentId: z.string().optional(),
  /** How many messages lie before it on its branch: the order of a conversation, free of clocks. */
  depth: z.number(),
  role: z.enum(['user', 'assistant']),
  status: z.enum(['running', ...runOutcome.options]),
  parts: z.array(messagePart),
  runId: z.string().optional(),
  model: z.string().optional(),
  usage: tokenUsage.optional(),
  error: failure.optional(),
  /** Of an answer, as its run has it; releases before kept neither this nor `endedAt`. */
  traceId: z.string().optional(),
  createdAt: z.number(),
  endedAt: z.number().optional(),
});
export type MessageRecord = z.infer<typeof message>;

/** In the order in which a backup reads them: see `archive-runs.ts`. */
export const chatCollections = {
  messages: {
    name: 'messages',
    version: 1,
    schema: message,
    indexes: [{ fields: ['conversationId', 'depth'] }],
  } satisfies CollectionSpec<MessageRecord>,
  conversations: {
    name: 'conversations',
    version: 1,
    schema: conversation,
    indexes: [{ fields: ['ownerId', 'deleted', 'updatedAt'] }, { fields: ['deleted', 'updatedAt'] }],
    text: ['title'],
  } satisfies CollectionSpec<ConversationRecord>,
  runs: runCollection,
} as const;

export interface ChatRecords extends RunRecords {
  readonly conversations: Collection<ConversationRecord>;
  readonly messages: Collection<MessageRecord>;
}

export const openChatRecords = (store: Store): ChatRecords => ({
  conversations: store.collection<ConversationRecord>(chatCollections.conversations),
  messages: store.collection<MessageRecord>(chatCollections.messages),
  ...openRunRecords(store),
});
