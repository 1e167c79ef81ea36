import { z } from 'zod';
import { partKind, runOutcome, tokenUsage } from '#contract/conversations.ts';
import { errorCodeNames } from '#contract/error-codes.ts';
import type { Collection, CollectionSpec, Store } from '#platform/store/store.ts';

export const failure = z.object({ code: z.enum(errorCodeNames), message: z.string(), traceId: z.string() });
export type Failure = z.infer<typeof failure>;

/** A stretch of output of one part; a part's stretches follow each other. */
const piece = z.object({ index: z.number(), kind: partKind, text: z.string() });
export type OutputPiece = z.infer<typeof piece>;

const run = z.object({
  _id: z.string(),
  ownerId: z.string(),
  /** What it makes; an answer where absent. */
  kind: z.enum(['answer', 'story']).optional(),
  /** Whose answer it is; of a story's run, the story's id. */
  conversationId: z.string(),
  /** Where the run began its conversation: what it is called until a model names it. */
  newTitle: z.string().optional(),
  userMessageId: z.string(),
  /** The message that the answer becomes. */
  messageId: z.string(),
  /** The message before the person's; absent at the start of a conversation. */
  parentId: z.string().optional(),
  /** Of the person's message; the answer's is one more. */
  depth: z.number(),
  clientMessageId: z.string(),
  /** What the client sent, hashed: a repeat of `clientMessageId` must bring the same. */
  payloadHash: z.string(),
  text: z.string(),
  /** What a story's run was asked to make, in the form of its kind. */
  order: z.record(z.string(), z.unknown()).optional(),
  /** What its kind keeps of what was made so far, beside the output. */
  made: z.record(z.string(), z.unknown()).optional(),
  /** The run whose answer this one is to replace. */
  retryOf: z.string().optional(),
  model: z.string(),
  /** Unique: the conversation's id while the run lives, the run's own after. So a conversation has one live run. */
  slot: z.string(),
  status: z.enum(['queued', 'running', ...runOutcome.options]),
  attempt: z.number(),
  /** Takeovers from a worker that died; a hand-back does not count. */
  crashes: z.number(),
  /** While running: until when its worker holds it. While queued: since when it waits. */
  leaseUntil: z.number(),
  /**
   * Absent in a story until somebody asks for its end: workers of releases before stories take a run only where this is false, and would answer a
   * story as if it were a message, judged by nobody.
   */
  stopRequested: z.boolean().optional(),
  output: z.array(piece),
  /** Units of `output`: see the contract's `position.ts`. */
  length: z.number(),
  usage: tokenUsage.optional(),
  /** What is held of the owner's budget, on which day: the estimated prompt, and the longest reply that is asked for. */
  reserved: z.object({ day: z.string(), tokens: z.number(), maxOutputTokens: z.number() }).optional(),
  /** By attempts that ended early, whose workers went away: how many had begun to answer, and what they had written. */
  spent: z.object({ calls: z.number(), outputTokens: z.number() }).optional(),
  /** The model that answered, where a fallback stood in. */
  answeredBy: z.string().optional(),
  error: failure.optional(),
  traceId: z.string(),
  createdAt: z.number(),
  endedAt: z.number().optional(),
  /** Whether the messages and the conversation say what the run says, finally. */
  settled: z.boolean(),
});
export type RunRecord = z.infer<typeof run>;

export const runCollection = {
  name: 'runs',
  version: 1,
  schema: run,
  indexes: [
    { fields: ['ownerId', 'clientMessageId'], unique: true },
    { fields: ['slot'], unique: true },
    { fields: ['status', 'leaseUntil'] },
    { fields: ['settled', 'endedAt'] },
    { fields: ['conversationId', 'depth'] },
  ],
} satisfies CollectionSpec<RunRecord>;

export interface RunRecords {
  readonly runs: Collection<RunRecord>;
}

export const openRunRecords = (store: Store): RunRecords => ({ runs: store.collection<RunRecord>(runCollection) });

export const isLive = (run: Pick<RunRecord, 'status'>): boolean => run.status === 'queued' || run.status === 'running';
