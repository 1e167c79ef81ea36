import { z } from 'zod';
import { answerEvents, at, deltaPart, sendRequest } from './chat.ts';
import { errorDetail } from './errors.ts';
import { id } from './pages.ts';

export const maxFrameBytes = 512 * 1024;
export const maxSubscriptions = 50;

/** WebSocket close codes that the server uses (RFC 6455, section 7.4, and its registry). */
export const closeCodes = {
  normal: 1000,
  /** Unknown, used or expired ticket; a session that ended. Sign in, then connect again. */
  policy: 1008,
  tooLarge: 1009,
  /** The process is being replaced: connect again now. */
  restart: 1012,
  /** The process is full: connect again with back-off. */
  tooBusy: 1013,
} as const;

/** `ref` is the client's own; the frames that answer this one carry it back. */
const ref = z.string().max(64).optional();

export const clientFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('send'), ref, ...sendRequest.shape }),
  z.object({ type: z.literal('subscribe'), ref, runId: id, after: z.string().max(64).optional() }),
  z.object({ type: z.literal('unsubscribe'), ref, runId: id }),
  z.object({ type: z.literal('stop'), ref, runId: id }),
  z.object({ type: z.literal('ping'), ref }),
]);
export type ClientFrame = z.infer<typeof clientFrame>;

/** What happens beside answers, told to every socket of a person. */
export const notice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run_started'), ...answerEvents.run.shape }),
  z.object({ kind: z.literal('run_ended'), runId: id, conversationId: id }),
  z.object({ kind: z.literal('conversation_changed'), conversationId: id, title: z.string() }),
  z.object({ kind: z.literal('conversation_deleted'), conversationId: id }),
  /** A story was begun, written or deleted, or what follows it went on: read it again. */
  z.object({ kind: z.literal('story_changed'), storyId: id }),
]);
export type Notice = z.infer<typeof notice>;

export const serverFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), traceId: z.string(), maxSubscriptions: z.int() }),
  z.object({ type: z.literal('run'), ref, traceId: z.string(), ...answerEvents.run.shape }),
  z.object({ type: z.literal('delta'), runId: id, at, text: z.string(), part: deltaPart.optional() }),
  z.object({ type: z.literal('reset'), runId: id, at }),
  z.object({ type: z.literal('done'), runId: id, at, ...answerEvents.done.shape }),
  z.object({ type: z.literal('error'), ref, runId: id.optional(), ...errorDetail.shape }),
  z.object({ type: z.literal('notice'), notice }),
  z.object({ type: z.literal('pong'), ref, traceId: z.string() }),
]);
export type ServerFrame = z.infer<typeof serverFrame>;
