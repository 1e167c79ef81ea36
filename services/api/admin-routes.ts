import type { z } from 'zod';
import type { invitation } from '#contract/administration.ts';
import { routes } from '#contract/routes.ts';
import type { AccountPorts } from '#domain/accounts/account-ports.ts';
import { changePerson, endPersonSessions, removePerson } from '#domain/accounts/change-person.ts';
import { listPeople } from '#domain/accounts/find-people.ts';
import { getPerson } from '#domain/accounts/find-person.ts';
import {
  type InvitationRecord,
  invitePerson,
  listInvitations,
  withdrawInvitation,
} from '#domain/accounts/invitations.ts';
import { presentPerson } from '#domain/accounts/present-person.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import type { Actor } from '#domain/audit/actor.ts';
import type { ChatPorts } from '#domain/chat/chat-ports.ts';
import { listDeadLetters, retryDeadLetter } from '#domain/operations/dead-letters.ts';
import { changeSettings } from '#domain/settings/change-settings.ts';
import { listAllStories, readAnyStory } from '#domain/stories/oversee-stories.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import type { Foundation } from '#services/foundation/foundation.ts';
import { queues } from '#services/foundation/queues.ts';

/** What managers see and administrators change of the whole installation. The contract says who may what. */
export function mountAdminRoutes(
  app: HttpApp<Principal>,
  { accounts, chat, audit, runtime, stories }: Foundation,
): void {
  mountPeople(app, accounts, chat);
  const letters = { queue: chat.queue, audit, queues };
  const settings = { runtime, audit, models: chat.models };

  app.mount(routes.listAllStories, async ({ query }) => {
    const { items, ...rest } = await listAllStories(stories, query);
    return { items: [...items], ...rest };
  });
  app.mount(routes.readAnyStory, ({ params, ...call }) => readAnyStory(stories, actorOf(call), params.id));
  app.mount(routes.getRuntimeSettings, () => runtime.current());
  app.mount(routes.changeRuntimeSettings, ({ body, ...call }) => changeSettings(settings, actorOf(call), body));
  app.mount(routes.listDeadLetters, () => listDeadLetters(letters));
  app.mount(routes.retryDeadLetter, ({ params, ...call }) => retryDeadLetter(letters, actorOf(call), params));
  app.mount(routes.listAudit, ({ query }) => audit.list(query));
}

function mountPeople(app: HttpApp<Principal>, accounts: AccountPorts, chat: ChatPorts): void {
  app.mount(routes.listPeople, ({ query }) => listPeople(accounts.records, query));
  app.mount(routes.getPerson, async ({ params }) => presentPerson(await getPerson(accounts, params.id)));
  app.mount(routes.changePerson, ({ params, body, ...call }) => changePerson(accounts, actorOf(call), params.id, body));
  app.mount(routes.deletePerson, ({ params, ...call }) => removePerson(accounts, chat, actorOf(call), params.id));
  app.mount(routes.endPersonSessions, ({ params, ...call }) => endPersonSessions(accounts, actorOf(call), params.id));
  app.mount(routes.listInvitations, async ({ query }) => {
    const { items, ...rest } = await listInvitations(accounts, query);
    return { items: items.map(presentInvitation), ...rest };
  });
  app.mount(routes.invite, async ({ body, ...call }) => {
    const { id: actorId, address } = actorOf(call);
    const made = await invitePerson(accounts, { ...body, invitedBy: actorId });
    const entry = { action: 'invitation_create', outcome: 'success', actorId, subjectId: made._id, address } as const;
    await accounts.audit.record({ ...entry, details: { role: made.role } });
    return presentInvitation(made);
  });
  app.mount(routes.withdrawInvitation, async ({ params: { id }, ...call }) => {
    await withdrawInvitation(accounts, id);
    const { id: actorId, address } = actorOf(call);
    await accounts.audit.record({ action: 'invitation_withdraw', outcome: 'success', actorId, subjectId: id, address });
  });
}

const actorOf = ({ principal, address }: { principal: Principal; address: string }): Actor => ({
  id: principal.id,
  address,
});

const presentInvitation = (link: InvitationRecord): z.output<typeof invitation> => ({
  id: link._id,
  email: link.email,
  role: link.role,
  createdAt: new Date(link.createdAt).toISOString(),
  expiresAt: new Date(link.expiresAt).toISOString(),
});
