import { z } from 'zod';
import { message, partKind, runOutcome, tokenUsage } from './conversations.ts';
import { errorDetail } from './errors.ts';
import { id } from './pages.ts';

/** The longest message, in characters (Unicode code points, so that an emoji is one). */
export const maxMessageCharacters = 100_000;

function withinLimit(text: string): boolean {
  if (text.length <= maxMessageCharacters) return true;
  if (text.length > maxMessageCharacters * 2) return false;
  let characters = 0;
  for (const _ of text) characters += 1;
  return characters <= maxMessageCharacters;
}

const messageText = z
  .string()
  .refine((text) => text.trim() !== '', 'Write something first: the message is empty.')
  .refine(withinLimit, `A message has at most ${maxMessageCharacters.toLocaleString('en')} characters.`)
  // JSON Schema counts code points too; refinements do not reach it by themselves.
  .meta({ minLength: 1, maxLength: maxMessageCharacters });

export const sendRequest = z
  .object({
    /** Absent: a new conversation begins. */
    conversationId: id.optional(),
    text: messageText,
    /** The client's own ID of this message. A repeat with the same ID gets the same answer, never a second one. */
    clientMessageId: id.optional(),
    /** One of `GET /api/models`; absent: the conversation's last one, or the default. */
    model: z.string().max(200).optional(),
  })
  .meta({ id: 'SendRequest' });
export type SendRequest = z.infer<typeof sendRequest>;

/** A position in an answer: see `position.ts`. */
export const at = z.string().meta({ description: 'A position: `attempt-length`.' });

/** The part that a delta belongs to, where it is not plain text. */
export const deltaPart = z.object({ index: z.int(), kind: partKind });

/** The bodies of the events of an answer, over SSE (`event:` names them) and, with `type`, `runId` and `at`, as frames. */
export const answerEvents = {
  run: z.object({
    runId: id,
    conversationId: id,
    /** The message that the answer becomes. */
    messageId: id,
    userMessageId: id,
    clientMessageId: id,
    model: z.string(),
    status: z.enum(['queued', 'running', ...runOutcome.options]),
  }),
  delta: z.object({ text: z.string(), part: deltaPart.optional() }),
  reset: z.object({}),
  done: z.object({ message, usage: tokenUsage.optional() }),
  error: errorDetail,
} as const;

export type RunEvent = z.infer<typeof answerEvents.run>;
export type DeltaEvent = z.infer<typeof answerEvents.delta>;
export type DoneEvent = z.infer<typeof answerEvents.done>;

export const sendReply = z.object({ run: answerEvents.run, ...answerEvents.done.shape }).meta({ id: 'SendReply' });
export type SendReply = z.infer<typeof sendReply>;
export const runEvent = answerEvents.run.meta({ id: 'Run' });
export const runEventsQuery = z.object({ after: z.string().max(64).optional() });
