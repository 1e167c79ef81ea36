import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createdApiKey, me } from '#contract/accounts.ts';
import { alignAdministrator } from '#domain/accounts/administrators.ts';
import { type Eraser, erasersOf } from '#domain/accounts/erase-person.ts';
import { addLink } from '#domain/accounts/links.ts';
import { PeopleSweep } from '#domain/accounts/sweep-people.ts';
import { auditCollection } from '#domain/audit/audit-records.ts';
import { foldUsage } from '#domain/usage/fold-usage.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import { collections } from '#services/foundation/foundation.ts';
import { directive } from '#tests/model-server/directive.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import type { TestClient } from '#tests/servers/test-client.ts';

const password = 'a quiet evening at home';
const minute = 60_000;
const hour = 60 * minute;

describe('the end of an account', () => {
  let aheadMs = 0;
  const clock: Clock = { ...systemClock, now: () => Date.now() + aheadMs };
  let app: TestChat;
  let server: TestServer;
  beforeEach(async () => {
    aheadMs = 0;
    app = await createTestChat({ clock, guestSessionMs: hour });
    app.startWorker();
    server = await app.openTestServer();
  });
  afterEach(() => app.close());

  const accounts = () => app.foundation.accounts;
  const newSweep = () => new PeopleSweep(accounts(), app.chat, erasersOf(accounts(), app.chat, app.stories));
  const sweepAll = async (people = newSweep()) => {
    await foldUsage({ records: app.chat.usage, newId: app.chat.newId });
    await people.erase();
    await app.sweep.sweep();
  };
  /** Until nothing is left to be done, as a scheduler does over hours. */
  const sweepToTheEnd = async () => {
    for (let round = 0; round < 8; round += 1) {
      await sweepAll();
      aheadMs += 20 * minute;
    }
  };
  const addAda = async (role: 'user' | 'admin' = 'user') => {
    const email = `ada-${crypto.randomUUID()}@example.org`;
    const passwordHash = await accounts().passwords.hash(password);
    const client = await server.client({ name: 'Ada Lovelace', role, person: { email, passwordHash } });
    const { id } = (await client.call('GET', '/api/me')).as(me);
    if (role === 'admin') await alignAdministrator(accounts().records, id);
    return { client, id, email };
  };
  /** Everything that is stored, as text. */
  const everything = async () => {
    const texts: string[] = [];
    for (const spec of collections)
      for await (const doc of app.foundation.store.collection(spec).scan())
        texts.push(JSON.stringify([spec.name, doc]));
    return texts;
  };
  const remove = (client: TestClient, body = {}) => client.call('POST', '/api/me/delete', body);

  it('needs the password, then comes at once: nobody is signed in, no key works, the name is gone', async () => {
    const { client, id, email } = await addAda();
    const { key } = (await client.call('POST', '/api/keys', { name: 'mine', scopes: ['read'] })).as(createdApiKey);
    for (const body of [{}, { password: 'not my password' }])
      expect((await remove(client, body)).error.code).toBe('wrong_credentials');
    expect((await client.call('GET', '/api/me')).status).toBe(200);
    expect((await remove(client, { password })).status).toBe(204);
    expect((await client.call('GET', '/api/me')).error.code).toBe('unauthenticated');
    const headers = { authorization: `Bearer ${key}` };
    expect((await fetch(`${server.url}/api/me`, { headers })).status).toBe(401);
    const stored = await accounts().records.people.get(id);
    expect(stored).toEqual({
      _id: id,
      name: '',
      role: 'user',
      timeZone: 'UTC',
      disabled: true,
      deleted: true,
      createdAt: expect.any(Number),
      lastSeenAt: expect.any(Number),
    });
    await server.client({ role: 'user', person: { email } });
  });

  it('stops the answer under way', async () => {
    const { client } = await addAda();
    const following = client.ask(directive({ tokens: 100_000, tokensPerSecond: 50 })).catch(() => undefined);
    const running = () =>
      app.chat.records.runs.find({ where: { status: { in: ['queued', 'running', 'stopped', 'complete'] } }, limit: 1 });
    await waitFor(async () => (await running()).items[0]?.status === 'running', { what: 'the answer' });
    expect((await remove(client, { password })).status).toBe(204);
    await waitFor(async () => (await running()).items[0]?.status === 'stopped', { what: 'its end', timeoutMs: 5_000 });
    await following;
  });

  it('leaves nothing that tells who it was, after the sweeps', async () => {
    const { client, id, email } = await addAda();
    await client.call('POST', '/api/keys', { name: 'my own key', scopes: ['read'] });
    for (const text of ['a secret of mine', 'another secret of mine']) await client.ask(text);
    await client.call('POST', '/api/conversations', { title: 'Empty, and mine' });
    await addLink(accounts(), { kind: 'reset', email });
    await waitFor(async () => (await app.chat.usage.shares.count({ folded: false })) > 0, { what: 'usage' });
    expect((await remove(client, { password })).status).toBe(204);
    await sweepToTheEnd();
    const left = (await everything()).filter((text) => [id, email, 'Ada', 'mine'].some((word) => text.includes(word)));
    expect(left).toEqual([]);
    expect(await app.chat.usage.hours.count({}), 'what was used stays counted').toBeGreaterThan(0);
    const audit = app.foundation.store.collection(auditCollection);
    expect(await audit.count({ action: 'account_delete' }), 'that somebody went stays told').toBe(1);
  });

  it('comes to its end from wherever a process left it', async () => {
    const { client, id } = await addAda();
    for (let count = 0; count < 3; count += 1) await client.ask(`secret ${count}`);
    // The process ended right after it had left the tombstone.
    const set = { deleted: true, disabled: true, name: '', lastSeenAt: clock.now() };
    await accounts().records.people.update(id, { set, unset: ['email', 'passwordHash'] });
    for (let round = 0; round < 12; round += 1) {
      // Another ends after each step: none knows what the one before has done.
      let steps = 0;
      const dying = (erase: Eraser) => async (personId: string) => {
        if (steps++ > round % 6) throw new Error('the process ends');
        return erase(personId);
      };
      const { first, last } = erasersOf(accounts(), app.chat, app.stories);
      const erasers = { first: first.map(dying), last: last.map(dying) };
      await sweepAll(new PeopleSweep(accounts(), app.chat, erasers));
      aheadMs += 15 * minute;
    }
    await sweepAll();
    expect((await everything()).filter((text) => text.includes(id))).toEqual([]);
  });

  it('goes on with others where it fails for one', async () => {
    const [one, other] = [await addAda(), await addAda()];
    for (const { client } of [one, other]) await remove(client, { password });
    aheadMs += 2 * hour;
    const failing = async (personId: string) => {
      if (personId === one.id) throw new Error('one that cannot be removed');
      return true;
    };
    await new PeopleSweep(accounts(), app.chat, { first: [failing], last: [] }).erase();
    expect(await accounts().records.people.getMany([one.id, other.id])).toMatchObject([{ _id: one.id }]);
    expect(app.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('is not for the last administrator: of two who go at once, one stays', async () => {
    const [first, second] = [await addAda('admin'), await addAda('admin')];
    const replies = await Promise.all([first, second].map(({ client }) => remove(client, { password })));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([204, 409]);
    expect(replies.find(({ status }) => status === 409)?.error.code).toBe('last_administrator');
    const { items } = await accounts().records.people.find({ where: { deleted: false, role: 'admin' }, limit: 10 });
    expect(items).toHaveLength(1);
  });

  it('comes for guests a day after their session ran out', async () => {
    const guest = await server.client('Gone');
    const { id } = (await guest.call('GET', '/api/me')).as(me);
    await guest.ask('a passing word');
    const isThere = async () => (await accounts().records.people.get(id))?.deleted === false;
    aheadMs += hour + 23 * hour;
    await newSweep().tidy();
    expect(await isThere()).toBe(true);
    aheadMs += hour + minute;
    await newSweep().tidy();
    expect(await isThere()).toBe(false);
    await sweepToTheEnd();
    expect((await everything()).filter((text) => text.includes(id))).toEqual([]);
  });

  it('waits for a guest who asked for an account, as long as the link lasts', async () => {
    const guest = await server.client('Waiting');
    const { id } = (await guest.call('GET', '/api/me')).as(me);
    const isThere = async () => (await accounts().records.people.get(id))?.deleted === false;
    aheadMs += 20 * hour;
    const registration = { name: 'Ada', passwordHash: 'x', guestId: id };
    await addLink(accounts(), { kind: 'verify', email: 'waiting@example.org', registration });
    aheadMs += 10 * hour;
    await newSweep().tidy();
    expect(await isThere()).toBe(true);
    aheadMs += 15 * hour;
    await newSweep().tidy();
    expect(await isThere()).toBe(false);
  });

  it('leaves guests who come back every day', async () => {
    const guest = await server.client('Daily');
    aheadMs += 10 * minute;
    expect((await guest.call('GET', '/api/me')).status).toBe(200);
    aheadMs += 25 * hour - 5 * minute;
    await newSweep().tidy();
    expect(await accounts().records.people.count({ deleted: false, role: 'guest' })).toBe(1);
  });

  it('asks again for mails that the queue never got, and removes links that are too old', async () => {
    const { email } = await addAda();
    const link = {
      _id: 'late',
      kind: 'reset',
      email,
      mailed: false,
      createdAt: clock.now() - minute,
      expiresAt: clock.now() + hour,
    } as const;
    await accounts().records.links.insert(link);
    await newSweep().tidy();
    await waitFor(async () => (await accounts().records.links.get('late'))?.mailed, { what: 'the mail' });
    aheadMs += 2 * hour;
    await newSweep().tidy();
    expect(await accounts().records.links.get('late')).toBeUndefined();
  });
});
