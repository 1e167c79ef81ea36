import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createdApiKey, person, personPage, type Role, roles, sessionList } from '#contract/accounts.ts';
import { adminRoutes } from '#contract/admin-routes.ts';
import { deadLetterList, invitation, invitationPage, runtimeSettings } from '#contract/administration.ts';
import { modelList } from '#contract/models.ts';
import { auditPage } from '#contract/usage.ts';
import { answerQueue } from '#domain/chat/chat-topics.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import { TestClient } from '#tests/servers/test-client.ts';

describe('the admin API', () => {
  let app: TestChat;
  let server: TestServer;
  let root: TestClient;
  let rootId: string;
  const as = {} as Record<Role, TestClient>;
  let victim: { client: TestClient; id: string };

  const idOf = async (client: TestClient) => JSON.parse((await client.call('GET', '/api/me')).text).id as string;
  const newPerson = async (role: Role, more: object = {}) => {
    const client = await server.client({ role, ...more });
    return { client, id: await idOf(client) };
  };
  const audited = async (query: string) => (await root.call('GET', `/api/admin/audit?${query}`)).as(auditPage).items;

  beforeAll(async () => {
    app = await createTestChat();
    server = await app.openTestServer();
    for (const role of roles) as[role] = await server.client({ role, name: `The ${role}` });
    root = as.admin;
    rootId = await idOf(root);
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
    const { status } = await as[role].call(route.method.toUpperCase(), path, body);
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
    expect(await statuses(await keyOf(as.user, 'admin'))).toEqual([403, 403, 403]);
    expect(await statuses(new TestClient(server.url, 'lamp_nothing'))).toEqual([401, 401, 401]);
  });

  describe('people', () => {
    const find = async (query: string, client = root) =>
      (await client.call('GET', `/api/admin/people?${query}`)).as(personPage).items.map(({ name }) => name);

    it('are found by words of name and address, by role, and by whether they are disabled', async () => {
      await newPerson('user', { name: 'Zoë Quill', person: { email: 'zq@quills.example' } });
      await newPerson('manager', { name: 'Zora Quill', person: { disabled: true } }).catch(() => undefined);
      await newPerson('guest', { name: 'Zack Quill' });
      await newPerson('user', { name: 'Gone Quill', person: { deleted: true } }).catch(() => undefined);
      expect(await find('q=quill')).toEqual(['Zora Quill', 'Zoë Quill']);
      expect(await find('q=zoe%20qui')).toEqual(['Zoë Quill']);
      expect(await find('q=QUILLS')).toEqual(['Zoë Quill']);
      expect(await find('q=quill&role=guest', as.manager)).toEqual(['Zack Quill']);
      expect(await find('q=quill&role=user')).toEqual(['Zoë Quill']);
      expect(await find('q=quill&disabled=true')).toEqual(['Zora Quill']);
      expect(await find('disabled=true&limit=100')).toContain('Zora Quill');
      expect(await find('q=..%20--')).toEqual([]);
      expect(await find('role=guest&limit=100')).not.toContain('Zoë Quill');
      expect(await find('limit=100')).not.toContain('Zack Quill');
    });

    it('come in pages, each once', async () => {
      const seen: string[] = [];
      let cursor = '';
      do {
        const path = `/api/admin/people?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
        const page = (await root.call('GET', path)).as(personPage);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? '';
      } while (cursor !== '');
      const all = await app.foundation.accounts.records.people.find({ where: { deleted: false }, limit: 1_000 });
      expect(seen.toSorted()).toEqual(
        all.items
          .filter(({ role }) => role !== 'guest')
          .map(({ _id }) => _id)
          .toSorted(),
      );
      expect(new Set(seen).size).toBe(seen.length);
    });

    it.each(['limit=0', 'limit=101', 'role=root', 'disabled=perhaps', `q=${'a'.repeat(201)}`, 'q=a&q=b'])(
      'are not looked for by %s',
      async (query) => {
        expect((await root.call('GET', `/api/admin/people?${query}`)).error.code).toBe('invalid_request');
      },
    );

    it('are not looked for from a cursor that is none', async () => {
      expect((await root.call('GET', '/api/admin/people?cursor=nonsense')).error.code).toBe('invalid_cursor');
    });

    it('are shown with what steers them, and without what is secret', async () => {
      const { people } = app.foundation.accounts.records;
      const set = { email: 'v@example.org', passwordHash: '$argon2id$secret', openIdSubject: 'secret-subject' };
      await people.update(victim.id, { set: { ...set, email: `${victim.id}@example.org` } });
      const { text } = await as.manager.call('GET', `/api/admin/people/${victim.id}`);
      expect(person.parse(JSON.parse(text))).toMatchObject({
        id: victim.id,
        email: `${victim.id}@example.org`,
        role: 'user',
      });
      expect(text).not.toContain('secret');
    });

    it.each(['unknown', '__proto__', 'constructor', '%00', 'a'.repeat(64)])('are not there under %s', async (id) => {
      for (const [method, path, body] of [
        ['GET', id, undefined],
        ['PATCH', id, { disabled: true }],
        ['DELETE', id, undefined],
        ['DELETE', `${id}/sessions`, undefined],
      ] as const) {
        expect((await root.call(method, `/api/admin/people/${path}`, body)).status).toBe(404);
      }
    });

    it('are not there once they are deleted', async () => {
      await app.foundation.accounts.records.people.update(victim.id, { set: { deleted: true } });
      expect((await root.call('GET', `/api/admin/people/${victim.id}`)).status).toBe(404);
      expect((await root.call('PATCH', `/api/admin/people/${victim.id}`, { role: 'admin' })).status).toBe(404);
    });
  });

  describe('a change of a person', () => {
    const change = (id: string, body: unknown, client = root) => client.call('PATCH', `/api/admin/people/${id}`, body);

    it('of the role holds at once for what they have open, and is in the audit log', async () => {
      expect((await change(victim.id, { role: 'manager' })).as(person).role).toBe('manager');
      expect((await victim.client.call('GET', '/api/admin/people')).status).toBe(200);
      expect((await change(victim.id, { role: 'user' })).as(person).role).toBe('user');
      expect((await victim.client.call('GET', '/api/admin/people')).status).toBe(403);
      const entries = await audited(`personId=${victim.id}&action=role_change`);
      expect(entries.map(({ actorId, details }) => ({ actorId, details }))).toEqual([
        { actorId: rootId, details: { from: 'manager', to: 'user' } },
        { actorId: rootId, details: { from: 'user', to: 'manager' } },
      ]);
      expect(entries[0]).toMatchObject({ address: '127.0.0.1', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
    });

    it('of their budget sets one and takes it back, and is in the audit log', async () => {
      expect((await change(victim.id, { dailyTokenBudget: 0 })).as(person).dailyTokenBudget).toBe(0);
      expect((await change(victim.id, { dailyTokenBudget: 700 })).as(person).dailyTokenBudget).toBe(700);
      expect((await change(victim.id, { dailyTokenBudget: null })).as(person)).not.toHaveProperty('dailyTokenBudget');
      expect((await audited(`personId=${victim.id}&action=budget_change`)).map(({ details }) => details)).toEqual([
        { from: 700, to: 'role' },
        { from: 0, to: 700 },
        { from: 'role', to: 0 },
      ]);
    });

    it('locks them out and closes their socket within a second, until they are enabled', async () => {
      const socket = await victim.client.socket();
      const began = Date.now();
      expect((await change(victim.id, { disabled: true })).as(person).disabled).toBe(true);
      await socket.closed;
      expect(Date.now() - began).toBeLessThan(1_000);
      expect([401, 403]).toContain((await victim.client.call('GET', '/api/me')).status);
      expect((await change(victim.id, { disabled: false })).as(person).disabled).toBe(false);
      const actions = (await audited(`personId=${victim.id}`)).map(({ action }) => action);
      expect(actions).toEqual(['account_enable', 'account_disable']);
    });

    it('to what they are already changes and records nothing', async () => {
      expect((await change(victim.id, { role: 'user', disabled: false, dailyTokenBudget: null })).status).toBe(200);
      expect((await change(victim.id, {})).status).toBe(200);
      expect(await audited(`personId=${victim.id}`)).toEqual([]);
    });

    it('is not one of oneself, but for the budget', async () => {
      expect((await change(rootId, { role: 'user' })).error.code).toBe('forbidden');
      expect((await change(rootId, { disabled: true })).error.code).toBe('forbidden');
      expect((await change(rootId, { role: 'admin', disabled: false, dailyTokenBudget: 9 })).status).toBe(200);
      expect((await root.call('DELETE', `/api/admin/people/${rootId}`)).error.code).toBe('forbidden');
    });

    it('gives a guest no role, but may lock one out', async () => {
      const guest = await newPerson('guest');
      expect((await change(guest.id, { role: 'user' })).error.code).toBe('conflict');
      expect((await change(guest.id, { role: 'guest' })).error.code).toBe('invalid_request');
      expect((await change(guest.id, { disabled: true })).as(person).disabled).toBe(true);
    });

    it('leaves an administrator, whoever demotes whom at the same time', async () => {
      const others = await Promise.all(Array.from({ length: 3 }, () => newPerson('admin')));
      const all = [{ client: root, id: rootId }, ...others];
      const attempts = all.flatMap(({ client }, by) =>
        all
          .filter((_, at) => at !== by)
          .map(({ id }, at) => change(id, at % 2 ? { role: 'user' } : { disabled: true }, client)),
      );
      const replies = await Promise.all(attempts);
      for (const { status } of replies) expect([200, 401, 403, 409]).toContain(status);
      const { items } = await app.foundation.accounts.records.people.find({
        where: { deleted: false, role: 'admin', disabled: false },
        limit: 100,
        sort: { by: ['createdAt'], direction: 'asc' },
      });
      const list = await app.foundation.accounts.records.administrators.get('administrators');
      expect(items.length).toBeGreaterThan(0);
      expect(Object.keys(list?.ids ?? {}).toSorted()).toEqual(items.map(({ _id }) => _id).toSorted());
      // For the tests that follow.
      root = as.admin = await server.client({ role: 'admin' });
      rootId = await idOf(root);
    });

    it.each([
      [{ role: 'root' }],
      [{ disabled: 'yes' }],
      [{ dailyTokenBudget: -1 }],
      [{ dailyTokenBudget: 1.5 }],
      [{ dailyTokenBudget: 1e12 }],
      [null],
      [[]],
      ['"text"'],
    ])('is not %j', async (body) => {
      expect((await change(victim.id, JSON.stringify(body))).error.code).toBe('invalid_request');
    });

    it('changes nothing that is not offered', async () => {
      const before = await app.foundation.accounts.records.people.get(victim.id);
      const body = { _id: 'x', email: 'new@example.org', passwordHash: 'x', deleted: true, name: 'New', createdAt: 1 };
      expect((await change(victim.id, body)).status).toBe(200);
      expect(await app.foundation.accounts.records.people.get(victim.id)).toEqual(before);
    });

    it('is refused as conflict where the person changed meanwhile, or made', async () => {
      const replies = await Promise.all([change(victim.id, { role: 'manager' }), change(victim.id, { role: 'admin' })]);
      expect(replies.map(({ status }) => status)).toContain(200);
      for (const { status } of replies) expect([200, 409]).toContain(status);
      await change(victim.id, { role: 'user' });
    });
  });

  it('signs a person out everywhere', async () => {
    const socket = await victim.client.socket();
    expect((await root.call('DELETE', `/api/admin/people/${victim.id}/sessions`)).status).toBe(204);
    await socket.closed;
    expect((await victim.client.call('GET', '/api/me')).status).toBe(401);
    expect((await root.call('GET', '/api/me/sessions')).as(sessionList).items).not.toEqual([]);
    expect(await audited(`personId=${victim.id}`)).toMatchObject([
      { action: 'sessions_end', actorId: rootId, details: { sessions: 1 } },
    ]);
  });

  it('deletes a person, who is gone at once', async () => {
    const socket = await victim.client.socket();
    expect((await root.call('DELETE', `/api/admin/people/${victim.id}`)).status).toBe(204);
    await socket.closed;
    expect((await victim.client.call('GET', '/api/me')).status).toBe(401);
    expect((await root.call('GET', `/api/admin/people/${victim.id}`)).status).toBe(404);
    expect((await root.call('DELETE', `/api/admin/people/${victim.id}`)).status).toBe(404);
    const entries = await audited('action=account_delete&limit=1');
    expect(entries).toMatchObject([{ actorId: rootId }]);
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

  describe('settings', () => {
    const change = (body: unknown) => root.call('PATCH', '/api/admin/settings', body);

    it('change as a whole or not at all, and say in the audit log what was and what is', async () => {
      const before = (await root.call('GET', '/api/admin/settings')).as(runtimeSettings);
      const bad = await change({ banner: 'B', messagesPerMinute: 0 });
      expect(bad.error).toMatchObject({ code: 'invalid_request', details: [{ path: 'messagesPerMinute' }] });
      expect((await change({ banner: 'B', defaultModel: 'nothing' })).error.code).toBe('unknown_model');
      expect((await root.call('GET', '/api/admin/settings')).as(runtimeSettings)).toEqual(before);
      const after = (await change({ banner: 'B', budgets: { user: 123 } })).as(runtimeSettings);
      expect(after).toEqual({ ...before, banner: 'B', budgets: { ...before.budgets, user: 123 } });
      expect((await audited('action=settings_change&limit=1'))[0]).toMatchObject({
        actorId: rootId,
        details: { banner: ' → B', budgets_user: `${before.budgets.user} → 123` },
      });
      await change({ banner: '', budgets: { user: before.budgets.user } });
    });

    it('take effect: guests', async () => {
      const start = () =>
        fetch(`${server.url}/api/auth/guest`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"name":"G"}',
        });
      const inside = await newPerson('guest');
      await change({ guests: false });
      expect((await start()).status).toBe(403);
      expect((await inside.client.call('GET', '/api/me')).status).toBe(200);
      await change({ guests: true });
      expect((await start()).status).toBe(201);
    });

    it('take effect: registration and banner, told to whoever has not signed in', async () => {
      await change({ registration: 'invite', banner: 'Back at noon' });
      const options = await (await fetch(`${server.url}/api/auth/options`)).json();
      expect(options).toMatchObject({ registration: 'invite', banner: 'Back at noon' });
      await change({ registration: 'open', banner: '' });
      expect(await (await fetch(`${server.url}/api/auth/options`)).json()).not.toHaveProperty('banner');
    });

    it('take effect: the default model', async () => {
      const model = async () => (await root.call('GET', '/api/models')).as(modelList).default;
      expect(await model()).toBe('scripted');
      await change({ defaultModel: 'small' });
      expect(await model()).toBe('small');
      const sent = await victim.client.fetch('POST', '/api/chat/send', { text: 'Hi' });
      expect(await firstEvent(sent)).toContain('"model":"small"');
      await change({ defaultModel: '' });
      expect(await model()).toBe('scripted');
    });

    it('take effect: the budget of a role', async () => {
      const before = (await root.call('GET', '/api/admin/settings')).as(runtimeSettings);
      await change({ budgets: { user: 1 } });
      expect((await victim.client.call('POST', '/api/chat/send', { text: 'Hi' })).error.code).toBe('budget_spent');
      await change({ budgets: before.budgets });
    });

    it('take effect: messages a minute', async () => {
      const before = (await root.call('GET', '/api/admin/settings')).as(runtimeSettings);
      await change({ messagesPerMinute: 1 });
      const statuses: number[] = [];
      for (let n = 0; n < 2; n++) {
        const reply = await victim.client.fetch('POST', '/api/chat/send', { text: 'Hi' });
        statuses.push(reply.status);
        if (reply.ok) await reply.body?.cancel();
        else expect(await reply.json()).toMatchObject({ error: { code: 'rate_limited' } });
      }
      expect(statuses).toEqual([200, 429]);
      await change({ messagesPerMinute: before.messagesPerMinute });
    });
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
    expect((await retry('answer/dead-1')).status).toBe(202);
    expect((await retry('answer/dead-1')).status).toBe(404);
    expect(await list()).toEqual([]);
    expect(await audited('action=dead_letter_retry')).toMatchObject([
      { actorId: rootId, subjectId: 'dead-1', details: { queue: 'answer' } },
    ]);
    await consumer.drain(0);
  });
});

/** Of a stream, which is closed then. */
async function firstEvent(response: Response): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return value ?? '';
}
