import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { person } from '#contract/accounts.ts';
import { myUsage } from '#contract/usage.ts';
import type { TestChat } from '#tests/servers/test-chat.ts';
import type { TestClient } from '#tests/servers/test-client.ts';
import { type AdminApi, openAdminApi, type SignedIn } from './admin-api.fixture.ts';

describe('people, by the admin API,', () => {
  let api: AdminApi;
  let app: TestChat;
  let root: TestClient;
  let rootId: string;
  let victim: SignedIn;
  let audited: AdminApi['audited'];
  let newPerson: AdminApi['newPerson'];

  beforeAll(async () => {
    api = await openAdminApi();
    ({ app, audited, newPerson } = api);
    ({ client: root, id: rootId } = api.as.admin);
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    victim = await newPerson('user', { name: 'Vic Tim' });
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

    it('of their budget sets one and takes it back, holds at once, and is in the audit log', async () => {
      const budget = async () => (await victim.client.call('GET', '/api/me/usage')).as(myUsage).tokens.budget;
      const ofRole = await budget();
      expect((await change(victim.id, { dailyTokenBudget: 0 })).as(person).dailyTokenBudget).toBe(0);
      expect(await budget()).toBe(0);
      expect((await change(victim.id, { dailyTokenBudget: 700 })).as(person).dailyTokenBudget).toBe(700);
      expect(await budget()).toBe(700);
      expect((await change(victim.id, { dailyTokenBudget: null })).as(person)).not.toHaveProperty('dailyTokenBudget');
      expect(await budget()).toBe(ofRole);
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
      ({ client: root, id: rootId } = await newPerson('admin'));
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
});
