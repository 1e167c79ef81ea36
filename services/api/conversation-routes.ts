import { routes } from '#contract/routes.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import type { ChatPorts } from '#domain/chat/chat-ports.ts';
import {
  createConversation,
  deleteConversation,
  getConversation,
  listConversations,
  listMessages,
  renameConversation,
} from '#domain/chat/conversations.ts';
import { defaultModel } from '#domain/chat/default-model.ts';
import { retryMessage } from '#domain/chat/retry-message.ts';
import { presentRun } from '#domain/runs/present-run.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import { rateHeaders } from '#platform/http/rate-headers.ts';

/** Conversations, their messages, and the models to choose from. */
export function mountConversationRoutes(app: HttpApp<Principal>, chat: ChatPorts): void {
  app.mount(routes.listModels, () => ({ items: [...chat.models.list()], default: defaultModel(chat) }));
  app.mount(routes.createConversation, ({ principal, body }) => createConversation(chat, principal, body.title));
  app.mount(routes.listConversations, ({ principal, query }) => listConversations(chat, principal, query));
  app.mount(routes.getConversation, ({ principal, params }) => getConversation(chat, principal, params.id));
  app.mount(routes.changeConversation, ({ principal, params, body }) =>
    renameConversation(chat, principal, params.id, body.title),
  );
  app.mount(routes.deleteConversation, ({ principal, params }) => deleteConversation(chat, principal, params.id));
  app.mount(routes.listMessages, ({ principal, params, query }) => listMessages(chat, principal, params.id, query));
  app.mount(routes.retryMessage, async ({ principal, params, res }) =>
    presentRun(await retryMessage(chat, principal, params.id, rateHeaders(res))),
  );
}
