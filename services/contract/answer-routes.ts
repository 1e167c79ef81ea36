import { z } from 'zod';
import { runEventsQuery, sendReply, sendRequest } from './chat.ts';
import { id } from './pages.ts';
import type { Route } from './route.ts';

/** Why an answer is not begun, whoever asks and however. */
export const refusals = ['answer_running', 'too_many_answers', 'budget_spent'] as const;

const params = z.object({ id });
const realtime = { process: 'realtime', auth: 'session' } as const;
const sending = { method: 'post', body: sendRequest, status: 200 } as const;
const sendErrors = ['not_found', 'unknown_model', 'message_id_reused', 'too_many_streams', ...refusals] as const;

export const answerRoutes = {
  send: {
    ...realtime,
    scope: 'chat',
    ...sending,
    path: '/api/chat/send',
    summary: 'Send a message and follow its answer as events',
    reply: 'events',
    errors: sendErrors,
  },
  sendSimple: {
    ...realtime,
    scope: 'chat',
    ...sending,
    path: '/api/chat/send-simple',
    summary: 'Send a message and get its whole answer as one reply',
    reply: sendReply,
    errors: sendErrors,
  },
  followRun: {
    ...realtime,
    scope: 'read',
    method: 'get',
    path: '/api/runs/:id/events',
    summary: 'Follow an answer from a position (`Last-Event-ID` or `after`); 204 after its end',
    params,
    query: runEventsQuery,
    status: 200,
    reply: 'events',
    errors: ['not_found', 'too_many_streams'],
  },
  stopRun: {
    ...realtime,
    scope: 'chat',
    method: 'post',
    path: '/api/runs/:id/stop',
    summary: 'Stop an answer; what there is of it is kept',
    params,
    status: 202,
    errors: ['not_found'],
  },
} as const satisfies Record<string, Route>;
