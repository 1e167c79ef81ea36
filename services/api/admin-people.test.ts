import { describe, expect, it } from 'vitest';
import { person, personPage, sessionList } from '#contract/accounts.ts';
import { useAdminApi } from './admin-api.fixture.ts';

describe('people, by the admin API,', () => {
  const api = useAdminApi();

  describe('people', () => {
    const find = async (query: string, client = api.root) =>
      (await client.call('GET', `/api/admin/people?${query}`)).as(personPage).items.map(({ name }) => name);

    it('are found by words of name and address, by role, and by whether they are disabled', async () => {
      await api.newPerson('user', { name: 'Zoë Quill', person: { email: 'zq@quills.example' } });
      // Neither can sign in; both are stored.
      const disabled = api.newPerson('manager', { name: 'Zora Quill', person: { disabled: true } });
      await expect(disabled).rejects.toThrow();
      await api.newPerson('guest', { name: 'Zack Quill' });
      const deleted = api.newPerson('user', { name: 'Gone Quill', person: { deleted: true } });
      await expect(deleted).rejects.toThrow();
      expect(await find('q=quill')).toEqual(['Zora Quill', 'Zoë Quill']);
      expect(await find('q=zoe%20qui')).toEqual(['Zoë Quill']);
      expect(await find('q=QUILLS')).toEqual(['Zoë Quill']);
      expect(await find('q=quill&role=guest', api.as.manager.client)).toEqual(['Zack Quill']);
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
        const page = (await api.root.call('GET', path)).as(personPage);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? '';
      } while (cursor !== '');
      const all = await api.app.foundation.accounts.records.people.find({ where: { deleted: false }, limit: 1_000 });
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
        expect((await api.root.call('GET', `/api/admin/people?${query}`)).error.code).toBe('invalid_request');
      },
    );

    it('are not looked for from a cursor that is none', async () => {
      expect((await api.root.call('GET', '/api/admin/people?cursor=nonsense')).error.code).toBe('invalid_cursor');
    });

    it('are shown with what steers them, and without what is secret', async () => {
      const { people } = api.app.foundation.accounts.records;
      const set = { email: 'v@example.org', passwordHash: '$argon2id$secret', openIdSubject: 'secret-subject' };
      await people.update(api.victim.id, { set: { ...set, email: `${api.victim.id}@example.org` } });
      const { text } = await api.as.manager.client.call('GET', `/api/admin/people/${api.victim.id}`);
      expect(person.parse(JSON.parse(text))).toMatchObject({
        id: api.victim.id,
        email: `${api.victim.id}@example.org`,
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
        expect((await api.root.call(method, `/api/admin/people/${path}`, body)).status).toBe(404);
      }
    });

    it('are not there once they are deleted', async () => {
      await api.app.foundation.accounts.records.people.update(api.victim.id, { set: { deleted: true } });
      expect((await api.root.call('GET', `/api/admin/people/${api.victim.id}`)).status).toBe(404);
      expect((await api.root.call('PATCH', `/api/admin/people/${api.victim.id}`, { role: 'admin' })).status).toBe(404);
    });
  });

  it('signs a person out everywhere', async () => {
    const socket = await api.victim.client.socket();
    expect((await api.root.call('DELETE', `/api/admin/people/${api.victim.id}/sessions`)).status).toBe(204);
    await socket.closed;
    expect((await api.victim.client.call('GET', '/api/me')).status).toBe(401);
    expect((await api.root.call('GET', '/api/me/sessions')).as(sessionList).items).not.toEqual([]);
    expect(await api.audited(`personId=${api.victim.id}`)).toMatchObject([
      { action: 'sessions_end', actorId: api.rootId, details: { sessions: 1 } },
    ]);
  });

  it('deletes a person, who is gone at once', async () => {
    const socket = await api.victim.client.socket();
    expect((await api.root.call('DELETE', `/api/admin/people/${api.victim.id}`)).status).toBe(204);
    await socket.closed;
    expect((await api.victim.client.call('GET', '/api/me')).status).toBe(401);
    expect((await api.root.call('GET', `/api/admin/people/${api.victim.id}`)).status).toBe(404);
    expect((await api.root.call('DELETE', `/api/admin/people/${api.victim.id}`)).status).toBe(404);
    const entries = await api.audited('action=account_delete&limit=1');
    expect(entries).toMatchObject([{ actorId: api.rootId }]);
  });
});
