import { z } from 'zod';
import { guestRequest, me, ticketResponse, tokenResponse } from './accounts.ts';
import { runEvent, runEventsQuery, sendReply, sendRequest } from './chat.ts';
import {
  conversation,
  conversationChange,
  conversationPage,
  conversationQuery,
  messagePage,
  messageQuery,
  newConversation,
} from './conversations.ts';
import type { ErrorCode } from './error-codes.ts';
import { health } from './health.ts';
import { modelList } from './models.ts';
import { id } from './pages.ts';

/** One HTTP route: what it takes, what it gives, and who serves it. Paths are written as Express has them (`:id`). */
export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  readonly path: string;
  readonly process: 'api' | 'realtime' | 'both';
  readonly auth: 'none' | 'session';
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly status: number;
  /** A schema: a JSON reply. `events`: a stream of `answerEvents` (text/event-stream). Absent: no body. */
  readonly reply?: z.ZodType | 'events';
  /** Error codes beside those that every route can answer. */
  readonly errors?: readonly ErrorCode[];
}

const params = z.object({ id });
const api = { process: 'api', auth: 'session' } as const;
const realtime = { process: 'realtime', auth: 'session' } as const;
const sending = { method: 'post', body: sendRequest, status: 200 } as const;
const sendErrors = ['not_found', 'unknown_model', 'answer_running', 'message_id_reused', 'store_unavailable'] as const;

export const routes = {
  createGuest: {
    method: 'post',
    path: '/api/auth/guest',
    process: 'api',
    auth: 'none',
    summary: 'Start a guest session from a name',
    body: guestRequest,
    status: 201,
    reply: tokenResponse,
  },
  logout: { ...api, method: 'post', path: '/api/auth/logout', summary: 'End this session', status: 204 },
  createTicket: {
    ...api,
    method: 'post',
    path: '/api/auth/ticket',
    summary: 'Get a one-use key that opens the WebSocket',
    status: 201,
    reply: ticketResponse,
  },
  getMe: { ...api, method: 'get', path: '/api/me', summary: 'Who this token speaks for', status: 200, reply: me },
  listModels: {
    ...api,
    method: 'get',
    path: '/api/models',
    summary: 'The models to choose from',
    status: 200,
    reply: modelList,
  },
  createConversation: {
    ...api,
    method: 'post',
    path: '/api/conversations',
    summary: 'Start an empty conversation',
    body: newConversation,
    status: 201,
    reply: conversation,
  },
  listConversations: {
    ...api,
    method: 'get',
    path: '/api/conversations',
    summary: 'My conversations, the latest first; `q` filters by words of the title',
    query: conversationQuery,
    status: 200,
    reply: conversationPage,
    errors: ['invalid_cursor'],
  },
  getConversation: {
    ...api,
    method: 'get',
    path: '/api/conversations/:id',
    summary: 'One conversation',
    params,
    status: 200,
    reply: conversation,
    errors: ['not_found'],
  },
  changeConversation: {
    ...api,
    method: 'patch',
    path: '/api/conversations/:id',
    summary: 'Rename a conversation',
    params,
    body: conversationChange,
    status: 200,
    reply: conversation,
    errors: ['not_found'],
  },
  deleteConversation: {
    ...api,
    method: 'delete',
    path: '/api/conversations/:id',
    summary: 'Delete a conversation with all its messages',
    params,
    status: 204,
    errors: ['not_found'],
  },
  listMessages: {
    ...api,
    method: 'get',
    path: '/api/conversations/:id/messages',
    summary: 'The messages of a conversation, the newest first',
    params,
    query: messageQuery,
    status: 200,
    reply: messagePage,
    errors: ['not_found', 'invalid_cursor'],
  },
  retryMessage: {
    ...api,
    method: 'post',
    path: '/api/messages/:id/retry',
    summary: 'Make another answer in place of one that failed, was interrupted or was stopped',
    params,
    status: 202,
    reply: runEvent,
    errors: ['not_found', 'not_retryable', 'answer_running', 'store_unavailable'],
  },
  send: {
    ...realtime,
    ...sending,
    path: '/api/chat/send',
    summary: 'Send a message and follow its answer as events',
    reply: 'events',
    errors: sendErrors,
  },
  sendSimple: {
    ...realtime,
    ...sending,
    path: '/api/chat/send-simple',
    summary: 'Send a message and get its whole answer as one reply',
    reply: sendReply,
    errors: sendErrors,
  },
  followRun: {
    ...realtime,
    method: 'get',
    path: '/api/runs/:id/events',
    summary: 'Follow an answer from a position (`Last-Event-ID` or `after`); 204 after its end',
    params,
    query: runEventsQuery,
    status: 200,
    reply: 'events',
    errors: ['not_found'],
  },
  stopRun: {
    ...realtime,
    method: 'post',
    path: '/api/runs/:id/stop',
    summary: 'Stop an answer; what there is of it is kept',
    params,
    status: 202,
    errors: ['not_found'],
  },
  health: {
    method: 'get',
    path: '/health',
    process: 'both',
    auth: 'none',
    summary: 'What runs here, and the state of what it depends on',
    status: 200,
    reply: health,
  },
} as const satisfies Record<string, Route>;
