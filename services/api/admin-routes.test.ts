import { describe, expect, it } from 'vitest';
import { createdApiKey, roles } from '#contract/accounts.ts';
import { adminRoutes } from '#contract/admin-routes.ts';
import { deadLetterList, invitation, invitationPage } from '#contract/administration.ts';
import { answerQueue } from '#domain/chat/chat-topics.ts';
import { waitFor } from '#tests/servers/child.ts';
import { TestClient } from '#tests/servers/test-client.ts';
import { useAdminApi } from './admin-api.fixture.ts';

describe('the admin API', () => {
  const api = useAdminApi();

  /** A request of each route that its role may make. */
  const requests: Record<keyof typeof adminRoutes, () => readonly [path: string, body?: unknown]> = {
    listPeople: () => ['/api/admin/people'],
    getPerson: () => [`/api/admin/people/${api.victim.id}`],
    changePerson: () => [`/api/admin/people/${api.victim.id}`, { dailyTokenBudget: 5 }],
    deletePerson: () => [`/api/admin/people/${api.victim.id}`],
    endPersonSessions: () => [`/api/admin/people/${api.victim.id}/sessions`],
    listAllStories: () => ['/api/admin/stories'],
    readAnyStory: () => ['/api/admin/stories/unknown'],
    listInvitations: () => ['/api/admin/invitations'],
    invite: () => ['/api/admin/invitations', { email: `${api.victim.id}@example.org` }],
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
      return new TestClient(api.server.url, made.key);
    };
    const statuses = async (client: TestClient) =>
      Promise.all(
        (['listPeople', 'getRuntimeSettings', 'listAudit'] as const).map(
          async (name) => (await client.call('GET', requests[name]()[0])).status,
        ),
      );
    expect(await statuses(await keyOf(api.root, 'admin'))).toEqual([200, 200, 200]);
    expect(await statuses(await keyOf(api.root, 'read'))).toEqual([403, 403, 403]);
    expect(await statuses(await keyOf(api.as.user.client, 'admin'))).toEqual([403, 403, 403]);
    expect(await statuses(new TestClient(api.server.url, 'lamp_nothing'))).toEqual([401, 401, 401]);
  });

  it('invites, lists and withdraws invitations', async () => {
    const email = `invited-${api.victim.id}@example.org`;
    const reply = await api.root.call('POST', '/api/admin/invitations', {
      email: email.toUpperCase(),
      role: 'manager',
    });
    const made = reply.as(invitation);
    expect([reply.status, made.email, made.role]).toEqual([201, email, 'manager']);
    const list = async () => (await api.root.call('GET', '/api/admin/invitations')).as(invitationPage).items;
    expect(await list()).toContainEqual(made);
    expect((await api.root.call('DELETE', `/api/admin/invitations/${made.id}`)).status).toBe(204);
    expect((await api.root.call('DELETE', `/api/admin/invitations/${made.id}`)).status).toBe(404);
    expect(await list()).not.toContainEqual(made);
    for (const body of [{}, { email: 'nobody' }, { email, role: 'guest' }, { email: ['a@b'] }])
      expect((await api.root.call('POST', '/api/admin/invitations', body)).error.code).toBe('invalid_request');
    expect(JSON.stringify(await api.audited('action=invitation_create'))).not.toContain('example.org');
  });

  it('lists dead letters by what they are about, and tries them again', async () => {
    const { queue } = api.app.chat;
    let failing = true;
    const consumer = queue.consume(answerQueue, { concurrency: 1 }, async () => {
      if (failing) throw new Error('550 no such user ada@example.org');
    });
    await queue.add(answerQueue, { runId: 'run-1' }, { id: 'dead-1' });
    // Answers that the tests before asked for fail beside it.
    const list = async () =>
      (await api.root.call('GET', '/api/admin/dead-letters'))
        .as(deadLetterList)
        .items.filter(({ id }) => id === 'dead-1');
    await waitFor(async () => (await list()).length === 1, { what: 'a dead letter' });
    expect(await list()).toMatchObject([
      { id: 'dead-1', queue: 'answer', subject: { runId: 'run-1' }, attempts: 1, error: '550 no such user (address)' },
    ]);
    failing = false;
    const retry = (path: string) => api.root.call('POST', `/api/admin/dead-letters/${path}/retry`);
    for (const path of ['answer/nothing', 'nothing/dead-1', '__proto__/dead-1', 'title/dead-1'])
      expect((await retry(path)).error.code).toBe('not_found');
    for (const path of ['answer/dead-1:lock', 'answer/%00', 'answer/..%2fx', `answer/${'a'.repeat(201)}`])
      expect((await retry(path)).error.code).toBe('invalid_request');
    expect((await retry('answer/dead-1')).status).toBe(202);
    expect((await retry('answer/dead-1')).status).toBe(404);
    expect(await list()).toEqual([]);
    expect(await api.audited('action=dead_letter_retry')).toMatchObject([
      { actorId: api.rootId, subjectId: 'dead-1', details: { queue: 'answer' } },
    ]);
    await consumer.drain(0);
  });
});
