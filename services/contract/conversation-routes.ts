import { z } from 'zod';
import { refusals } from './answer-routes.ts';
import { runEvent } from './chat.ts';
import {
  conversation,
  conversationChange,
  conversationPage,
  conversationQuery,
  messagePage,
  messageQuery,
  newConversation,
} from './conversations.ts';
import { modelList } from './models.ts';
import { id } from './pages.ts';
import type { Route } from './route.ts';

const params = z.object({ id });
const read = { process: 'api', auth: 'session', scope: 'read' } as const;
const chat = { process: 'api', auth: 'session', scope: 'chat' } as const;

export const conversationRoutes = {
  listModels: {
    ...read,
    method: 'get',
    path: '/api/models',
    summary: 'The models to choose from',
    status: 200,
    reply: modelList,
  },
  createConversation: {
    ...chat,
    method: 'post',
    path: '/api/conversations',
    summary: 'Start an empty conversation',
    body: newConversation,
    status: 201,
    reply: conversation,
  },
  listConversations: {
    ...read,
    method: 'get',
    path: '/api/conversations',
    summary: 'My conversations, the latest first; `q` filters by words of the title',
    query: conversationQuery,
    status: 200,
    reply: conversationPage,
    errors: ['invalid_cursor'],
  },
  getConversation: {
    ...read,
    method: 'get',
    path: '/api/conversations/:id',
    summary: 'One conversation',
    params,
    status: 200,
    reply: conversation,
    errors: ['not_found'],
  },
  changeConversation: {
    ...chat,
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
    ...chat,
    method: 'delete',
    path: '/api/conversations/:id',
    summary: 'Delete a conversation with all its messages',
    params,
    status: 204,
    errors: ['not_found'],
  },
  listMessages: {
    ...read,
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
    ...chat,
    method: 'post',
    path: '/api/messages/:id/retry',
    summary: 'Make another answer in place of one that failed, was interrupted or was stopped',
    params,
    status: 202,
    reply: runEvent,
    errors: ['not_found', 'not_retryable', ...refusals],
  },
} as const satisfies Record<string, Route>;
