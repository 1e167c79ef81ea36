import { z } from 'zod';
import { errorDetail } from './errors.ts';
import { id, moment, page, pageQuery } from './pages.ts';

/** Well-formed, as the store keeps it: half of a surrogate pair becomes U+FFFD. */
const title = z
  .string()
  .overwrite((text) => text.toWellFormed())
  .trim()
  .min(1)
  .max(200);

export const conversation = z
  .object({
    id,
    title: z.string(),
    model: z.string().optional(),
    createdAt: moment,
    updatedAt: moment,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof conversation>;

export const conversationPage = page(conversation).meta({ id: 'ConversationPage' });
export type ConversationPage = z.infer<typeof conversationPage>;
export const conversationQuery = pageQuery.extend({ q: z.string().max(200).optional() });
export const newConversation = z.object({ title: title.optional() }).meta({ id: 'NewConversation' });
export const conversationChange = z.object({ title }).meta({ id: 'ConversationChange' });

/** Tokens of one answer as the provider counted them; estimated (and said so) where it did not. */
export const tokenUsage = z
  .object({ inputTokens: z.int(), outputTokens: z.int(), thinkingTokens: z.int().optional(), estimated: z.boolean() })
  .meta({ id: 'TokenUsage' });
export type TokenUsage = z.infer<typeof tokenUsage>;

/** What a stretch of output is: `thinking` is shown apart from the text; `title` is that of a story. */
export const partKind = z.enum(['text', 'thinking', 'title']);
export type PartKind = z.infer<typeof partKind>;

export const messagePart = z.object({ kind: partKind, text: z.string() }).meta({ id: 'MessagePart' });
export type MessagePart = z.infer<typeof messagePart>;

export const runOutcome = z.enum(['complete', 'stopped', 'failed', 'interrupted']);
export type RunOutcome = z.infer<typeof runOutcome>;

export const message = z
  .object({
    id,
    conversationId: id,
    /** The message that this one follows; siblings share it (a retry makes one). Absent on the first. */
    parentId: id.optional(),
    role: z.enum(['user', 'assistant']),
    /** `running` while its answer is being made: follow `runId` for the rest. */
    status: z.enum(['running', ...runOutcome.options]),
    /** The text of all text parts. */
    text: z.string(),
    /** Where the answer has more than plain text: all its parts in order. */
    parts: z.array(messagePart).optional(),
    runId: id.optional(),
    model: z.string().optional(),
    usage: tokenUsage.optional(),
    error: errorDetail.omit({ details: true }).optional(),
    /** Of an answer: the ID of the request that asked for it, under which logs have all that was done for it. */
    traceId: z.string().optional(),
    createdAt: moment,
    /** Of an answer: when it ended. Absent while it runs. */
    endedAt: moment.optional(),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof message>;

/** Newest first, so that the first page is the end of the conversation. Siblings are included. */
export const messagePage = page(message).meta({ id: 'MessagePage' });
export type MessagePage = z.infer<typeof messagePage>;
export const messageQuery = pageQuery;
