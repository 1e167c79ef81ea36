import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createdApiKey, roles } from '#contract/accounts.ts';
import { adminRoutes } from '#contract/admin-routes.ts';
import { deadLetterList, invitation, invitationPage } from '#contract/administration.ts';
import { answerQueue } from '#domain/chat/chat-topics.ts';
import { waitFor } from '#tests/servers/child.ts';
import type { TestChat, TestServer } from '#tests/servers/test-chat.ts';
import { TestClient } from '#tests/servers/test-client.ts';
import { type AdminApi, openAdminApi, type SignedIn } from './admin-api.fixture.ts';

describe('the admin API', () => {
  let api: AdminApi;
  let app: TestChat;
  let server: TestServer;
  let root: TestClient;
  let rootId: string;
  let victim: SignedIn;
  let audited: AdminApi['audited'];
  let newPerson: AdminApi['newPerson'];

  beforeAll(async () => {
    api = await openAdminApi();
    ({ app, server, audited, newPerson } = api);
    ({ client: root, id: rootId } = api.as.admin);
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    victim = await newPerson('user', { name: 'Vic Tim' });
  });

  /** A request of each route that its role may make. */
  const requests: Record<keyof typeof adminRoutes, () => readonly [path: string, body?: unknown]> = {
    listPeople: () => ['/api/admin/people'],
    getPerson: () => [`/api/admin/people/${victim.id}`],
    changePerson: () => [`/api/admin/people/${victim.id}`, { dailyTokenBudget: 5 }],
    deletePerson: () => [`/api/admin/people/${victim.id}`],
    endPersonSessions: () => [`/api/admin/people/${victim.id}/sessions`],
    listInvitations: () => ['/api/admin/invitations'],
    invite: () => ['/api/admin/invitations', { email: `${victim.id}@example.org` }],
    withdrawInvitation: () => ['/api/admin/invitations/unknown'],
    getRuntimeSettings: () => ['/api/admin/settings'],
    changeRuntimeSettings: () => ['/api/admin/settings', { banner: '' }],
    listDeadLetters: () => ['/api/admin/dead-letters'],
    retryDeadLetter: () => ['/api/admin/dead-letters/answer/unknown/retry'],
    listAudit: () => ['/api/admin/audit'],
  };
  const names = Object.keys(adminRoutes) as (keyof typeof adminRoutes)[];
  const cases = names.flatMap((name) => roles.map((role) => [name, role] as const));

  it.each(cases)('%s is for whom the contract says: %s', async (name, role) => {
    const route = adminRoutes[name];
    const [path, body] = requests[name]();
    const { status } = await api.as[role].client.call(route.method.toUpperCase(), path, body);
    if (roles.indexOf(role) < roles.indexOf(route.role)) expect(status).toBe(403);
    else expect([route.status, 404]).toContain(status);
  });

  it('asks an API key for the scope admin and its owner for the role', async () => {
    const keyOf = async (client: TestClient, scope: string) => {
      const made = (await client.call('POST', '/api/keys', { name: 'k', scopes: [scope] })).as(createdApiKey);
      return new TestClient(server.url, made.key);
    };
    const statuses = async (client: TestClient) =>
      Promise.all(
        (['listPeople', 'getRuntimeSettings', 'listAudit'] as const).map(
          async (name) => (await client.call('GET', requests[name]()[0])).status,
        ),
      );
    expect(await statuses(await keyOf(root, 'admin'))).toEqual([200, 200, 200]);
    expect(await statuses(await keyOf(root, 'read'))).toEqual([403, 403, 403]);
    expect(await statuses(await keyOf(api.as.user.client, 'admin'))).toEqual([403, 403, 403]);
    expect(await statuses(new TestClient(server.url, 'lamp_nothing'))).toEqual([401, 401, 401]);
  });

  it('invites, lists and withdraws invitations', async () => {
    const email = `invited-${victim.id}@example.org`;
    const reply = await root.call('POST', '/api/admin/invitations', { email: email.toUpperCase(), role: 'manager' });
    const made = reply.as(invitation);
    expect([reply.status, made.email, made.role]).toEqual([201, email, 'manager']);
    const list = async () => (await root.call('GET', '/api/admin/invitations')).as(invitationPage).items;
    expect(await list()).toContainEqual(made);
    expect((await root.call('DELETE', `/api/admin/invitations/${made.id}`)).status).toBe(204);
    expect((await root.call('DELETE', `/api/admin/invitations/${made.id}`)).status).toBe(404);
    expect(await list()).not.toContainEqual(made);
    for (const body of [{}, { email: 'nobody' }, { email, role: 'guest' }, { email: ['a@b'] }])
      expect((await root.call('POST', '/api/admin/invitations', body)).error.code).toBe('invalid_request');
    expect(JSON.stringify(await audited('action=invitation_create'))).not.toContain('example.org');
  });

  it('lists dead letters by what they are about, and tries them again', async () => {
    const { queue } = app.chat;
    let failing = true;
    const consumer = queue.consume(answerQueue, { concurrency: 1 }, async () => {
      if (failing) throw new Error('550 no such user ada@example.org');
    });
    await queue.add(answerQueue, { runId: 'run-1' }, { id: 'dead-1' });
    // Answers that the tests before asked for fail beside it.
    const list = async () =>
      (await root.call('GET', '/api/admin/dead-letters')).as(deadLetterList).items.filter(({ id }) => id === 'dead-1');
    await waitFor(async () => (await list()).length === 1, { what: 'a dead letter' });
    expect(await list()).toMatchObject([
      { id: 'dead-1', queue: 'answer', subject: { runId: 'run-1' }, attempts: 1, error: '550 no such user (address)' },
    ]);
    failing = false;
    const retry = (path: string) => root.call('POST', `/api/admin/dead-letters/${path}/retry`);
    for (const path of ['answer/nothing', 'nothing/dead-1', '__proto__/dead-1', 'title/dead-1'])
      expect((await retry(path)).error.code).toBe('not_found');
    for (const path of ['answer/dead-1:lock', 'answer/%00', 'answer/..%2fx', `answer/${'a'.repeat(201)}`])
      expect((await retry(path)).error.code).toBe('invalid_request');
    expect((await retry('answer/dead-1')).status).toBe(202);
    expect((await retry('answer/dead-1')).status).toBe(404);
    expect(await list()).toEqual([]);
    expect(await audited('action=dead_letter_retry')).toMatchObject([
      { actorId: rootId, subjectId: 'dead-1', details: { queue: 'answer' } },
    ]);
    await consumer.drain(0);
  });
});
