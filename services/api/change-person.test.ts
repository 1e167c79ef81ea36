import { describe, expect, it } from 'vitest';
import { person } from '#contract/accounts.ts';
import { myUsage } from '#contract/usage.ts';
import { useAdminApi } from './admin-api.fixture.ts';

describe('people, by the admin API,', () => {
  const api = useAdminApi();

  describe('a change of a person', () => {
    const change = (id: string, body: unknown, client = api.root) =>
      client.call('PATCH', `/api/admin/people/${id}`, body);

    it('of the role holds at once for what they have open, and is in the audit log', async () => {
      expect((await change(api.victim.id, { role: 'manager' })).as(person).role).toBe('manager');
      expect((await api.victim.client.call('GET', '/api/admin/people')).status).toBe(200);
      expect((await change(api.victim.id, { role: 'user' })).as(person).role).toBe('user');
      expect((await api.victim.client.call('GET', '/api/admin/people')).status).toBe(403);
      const entries = await api.audited(`personId=${api.victim.id}&action=role_change`);
      expect(entries.map(({ actorId, details }) => ({ actorId, details }))).toEqual([
        { actorId: api.rootId, details: { from: 'manager', to: 'user' } },
        { actorId: api.rootId, details: { from: 'user', to: 'manager' } },
      ]);
      expect(entries[0]).toMatchObject({ address: '127.0.0.1', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
    });

    it('of their budget sets one and takes it back, holds at once, and is in the audit log', async () => {
      const budget = async () => (await api.victim.client.call('GET', '/api/me/usage')).as(myUsage).tokens.budget;
      const ofRole = await budget();
      expect((await change(api.victim.id, { dailyTokenBudget: 0 })).as(person).dailyTokenBudget).toBe(0);
      expect(await budget()).toBe(0);
      expect((await change(api.victim.id, { dailyTokenBudget: 700 })).as(person).dailyTokenBudget).toBe(700);
      expect(await budget()).toBe(700);
      expect((await change(api.victim.id, { dailyTokenBudget: null })).as(person)).not.toHaveProperty(
        'dailyTokenBudget',
      );
      expect(await budget()).toBe(ofRole);
      expect(
        (await api.audited(`personId=${api.victim.id}&action=budget_change`)).map(({ details }) => details),
      ).toEqual([
        { from: 700, to: 'role' },
        { from: 0, to: 700 },
        { from: 'role', to: 0 },
      ]);
    });

    it('locks them out and closes their socket within a second, until they are enabled', async () => {
      const socket = await api.victim.client.socket();
      const began = Date.now();
      expect((await change(api.victim.id, { disabled: true })).as(person).disabled).toBe(true);
      await socket.closed;
      expect(Date.now() - began).toBeLessThan(1_000);
      expect([401, 403]).toContain((await api.victim.client.call('GET', '/api/me')).status);
      expect((await change(api.victim.id, { disabled: false })).as(person).disabled).toBe(false);
      const actions = (await api.audited(`personId=${api.victim.id}`)).map(({ action }) => action);
      expect(actions).toEqual(['account_enable', 'account_disable']);
    });

    it('to what they are already changes and records nothing', async () => {
      expect((await change(api.victim.id, { role: 'user', disabled: false, dailyTokenBudget: null })).status).toBe(200);
      expect((await change(api.victim.id, {})).status).toBe(200);
      expect(await api.audited(`personId=${api.victim.id}`)).toEqual([]);
    });

    it('is not one of oneself, but for the budget', async () => {
      expect((await change(api.rootId, { role: 'user' })).error.code).toBe('forbidden');
      expect((await change(api.rootId, { disabled: true })).error.code).toBe('forbidden');
      expect((await change(api.rootId, { role: 'admin', disabled: false, dailyTokenBudget: 9 })).status).toBe(200);
      expect((await api.root.call('DELETE', `/api/admin/people/${api.rootId}`)).error.code).toBe('forbidden');
    });

    it('gives a guest no role, but may lock one out', async () => {
      const guest = await api.newPerson('guest');
      expect((await change(guest.id, { role: 'user' })).error.code).toBe('conflict');
      expect((await change(guest.id, { role: 'guest' })).error.code).toBe('invalid_request');
      expect((await change(guest.id, { disabled: true })).as(person).disabled).toBe(true);
    });

    it('leaves an administrator, whoever demotes whom at the same time', async () => {
      const all = await Promise.all(Array.from({ length: 4 }, () => api.newPerson('admin')));
      const attempts = all.flatMap(({ client }, by) =>
        all
          .filter((_, at) => at !== by)
          .map(({ id }, at) => change(id, at % 2 ? { role: 'user' } : { disabled: true }, client)),
      );
      const replies = await Promise.all(attempts);
      for (const { status } of replies) expect([200, 401, 403, 409]).toContain(status);
      const { items } = await api.app.foundation.accounts.records.people.find({
        where: { deleted: false, role: 'admin', disabled: false },
        limit: 100,
        sort: { by: ['createdAt'], direction: 'asc' },
      });
      const list = await api.app.foundation.accounts.records.administrators.get('administrators');
      expect(items.length).toBeGreaterThan(0);
      expect(Object.keys(list?.ids ?? {}).toSorted()).toEqual(items.map(({ _id }) => _id).toSorted());
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
      expect((await change(api.victim.id, JSON.stringify(body))).error.code).toBe('invalid_request');
    });

    it('changes nothing that is not offered', async () => {
      const before = await api.app.foundation.accounts.records.people.get(api.victim.id);
      const body = { _id: 'x', email: 'new@example.org', passwordHash: 'x', deleted: true, name: 'New', createdAt: 1 };
      expect((await change(api.victim.id, body)).status).toBe(200);
      expect(await api.app.foundation.accounts.records.people.get(api.victim.id)).toEqual(before);
    });

    it('is refused as conflict where the person changed meanwhile, or made', async () => {
      const replies = await Promise.all([
        change(api.victim.id, { role: 'manager' }),
        change(api.victim.id, { role: 'admin' }),
      ]);
      expect(replies.map(({ status }) => status)).toContain(200);
      for (const { status } of replies) expect([200, 409]).toContain(status);
      await change(api.victim.id, { role: 'user' });
    });
  });
});
