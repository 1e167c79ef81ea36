import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKeyList, me } from '#contract/accounts.ts';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';
import { TestClient } from '#tests/servers/test-client.ts';
import { type AttackedLamplight, bearer, type Somebody, startAttackedLamplight } from './attacked-lamplight.fixture.ts';
import { poison, poisonFor, poisonNumber, type Stage, type Write, writes } from './mass-assignment.fixture.ts';
import type { RawReply } from './raw-http.fixture.ts';
import { readStored, type Stored } from './stored-documents.fixture.ts';

let lamplight: AttackedLamplight;
let victim: Somebody;
beforeAll(async () => {
  lamplight = await startAttackedLamplight();
  victim = await lamplight.newPerson('user', 'Victim');
  await victim.client.ask('Hello');
});
afterAll(() => lamplight.stop());

type Name = keyof typeof writes;
const names = Object.keys(writes) as Name[];

async function write(name: Name, stage: Stage): Promise<RawReply> {
  const route: Route = routes[name];
  const { by, id, body }: Write = writes[name];
  const extra = poisonFor(route, victim.id);
  const [part, asked] = [(await id?.(stage)) ?? '', (await body?.(stage)) ?? {}];
  const texts = Object.entries(extra).filter(([key]) => !(key in (route.query?.shape ?? {})));
  const query = new URLSearchParams(texts.map(([key, value]): [string, string] => [key, String(value)]));
  const who = by === 'nobody' ? [] : [bearer(by === 'admin' ? lamplight.admin.accessToken : stage.mallory.accessToken)];
  return lamplight.raw({
    method: route.method.toUpperCase(),
    path: `${route.path.replace(':queue', 'answer').replace(':id', part)}?${query}`,
    headers: [...who, ['Content-Type', 'application/json']],
    body: JSON.stringify({ ...extra, ...asked }),
  });
}

const people = (stored: readonly Stored[]) =>
  new Map(stored.filter(({ collection }) => collection === 'people').map(({ doc }) => [String(doc['_id']), doc]));

/** What was counted a moment ago is stored a moment later. */
const ofVictim = (stored: readonly Stored[]) =>
  stored
    .filter(({ collection, text }) => !collection.startsWith('usage') && text.includes(victim.id))
    .map(({ collection, text }) => `${collection} ${text}`)
    .toSorted();

/** Whoever was there is as before but for what the write is for; whoever is new is nobody in particular. */
function expectPlainPeople(before: readonly Stored[], after: readonly Stored[], changes: readonly string[]): void {
  const known = people(before);
  for (const [id, doc] of people(after)) {
    const was = known.get(id);
    const changed = Object.keys({ ...was, ...doc }).filter(
      (key) => JSON.stringify(was?.[key]) !== JSON.stringify(doc[key]),
    );
    const allowed = [...changes, 'lastSeenAt'];
    if (was) {
      expect(changed.filter((key) => !allowed.includes(key))).toEqual([]);
      continue;
    }
    expect(doc).toMatchObject({ role: expect.stringMatching(/^(guest|user)$/), disabled: false, deleted: false });
    expect(doc['dailyTokenBudget']).toBeUndefined();
  }
}

it('every route that writes is tried', () => {
  const writing = Object.entries(routes).filter(([, { method }]) => method !== 'get');
  expect(names.toSorted()).toEqual(writing.map(([name]) => name).toSorted());
});

it.each(names)('%s takes nothing that it does not ask for', async (name) => {
  const { changes = [], gets = routes[name].status }: Write = writes[name];
  const stage = { lamplight, mallory: await lamplight.newPerson('user', 'Mallory') };
  const before = await readStored(lamplight.dataDir);
  const reply = await write(name, stage);
  expect(reply.status, reply.text).toBe(gets);
  expect(reply.text).not.toContain(poison);
  expect(reply.text).not.toContain(String(poisonNumber));
  expect(reply.text).not.toContain(victim.id);
  const after = await readStored(lamplight.dataDir);
  const poisoned = after.filter(({ text }) => text.includes(poison) || text.includes(String(poisonNumber)));
  expect(poisoned).toEqual([]);
  expect(ofVictim(after)).toEqual(ofVictim(before));
  expectPlainPeople(before, after, changes);
  await expectPlainToken(reply);
});

/** Whoever a reply signs in has the role that anybody would have. */
async function expectPlainToken({ text }: RawReply): Promise<void> {
  const token: unknown = text.startsWith('{') ? JSON.parse(text).access_token : undefined;
  if (typeof token !== 'string') return;
  const client = new TestClient(lamplight.url, token);
  const self = (await client.call('GET', '/api/me')).as(me);
  expect([self.id === victim.id, ['guest', 'user'].includes(self.role)]).toEqual([false, true]);
  expect((await client.call('GET', '/api/admin/people')).status).toBe(403);
}

describe('what may be set', () => {
  it('by a frame is what it asks for', async () => {
    const mallory = await lamplight.newPerson('user', 'Mallory');
    const before = await readStored(lamplight.dataDir);
    const socket = await mallory.client.socket();
    const extra = poisonFor(routes.send, victim.id);
    for (const type of ['send', 'ping']) socket.send({ ...extra, type, ref: type, text: 'Hello' });
    await socket.frame('pong', ({ ref }) => ref === 'ping');
    const { runId } = await socket.frame('run', ({ ref }) => ref === 'send');
    await socket.frame('done', (frame) => frame.runId === runId);
    for (const type of ['subscribe', 'stop', 'unsubscribe']) socket.send({ ...extra, type, runId });
    await socket.frame('run', ({ ref }) => ref === undefined);
    expect(JSON.stringify(socket.frames)).not.toContain(poison);
    await socket.close();
    const after = await readStored(lamplight.dataDir);
    expect(after.filter(({ text }) => text.includes(poison) || text.includes(String(poisonNumber)))).toEqual([]);
    expect(ofVictim(after)).toEqual(ofVictim(before));
    expect(after.filter(({ doc }) => doc['_id'] === runId).map(({ doc }) => doc['ownerId'])).toContain(mallory.id);
  });

  it('of a key is its scopes alone, and not to what no key has', async () => {
    const mallory = await lamplight.newPerson('user', 'Mallory');
    for (const scopes of [
      ['account'],
      ['read', 'account'],
      ['*'],
      ['__proto__'],
      [],
      'read',
      { 0: 'read', length: 1 },
    ]) {
      const reply = await mallory.client.call('POST', '/api/keys', { name: 'key', scopes });
      expect([reply.status, reply.error.code], JSON.stringify(scopes)).toEqual([400, 'invalid_request']);
    }
    expect((await mallory.client.call('GET', '/api/keys')).as(apiKeyList).items).toEqual([]);
    // A key for administration is of no use to whoever is no administrator.
    const made = await mallory.client.call('POST', '/api/keys', { name: 'key', scopes: ['admin'] });
    const key = new TestClient(lamplight.url, JSON.parse(made.text).key);
    expect((await key.call('GET', '/api/admin/people')).status).toBe(403);
  });

  it('of a person by an administrator is no role of a guest, and no other kind of value', async () => {
    const { id } = await lamplight.newPerson('user', 'Mallory');
    const change = (body: object) => lamplight.admin.client.call('PATCH', `/api/admin/people/${id}`, body);
    const wrong = [
      { role: 'guest' },
      { role: 'root' },
      { role: ['admin'] },
      { disabled: 'true' },
      { disabled: 1 },
      { dailyTokenBudget: -1 },
      { dailyTokenBudget: 1.5 },
      { dailyTokenBudget: '1' },
      { dailyTokenBudget: 1e300 },
      { dailyTokenBudget: { $inc: 1 } },
    ];
    for (const body of wrong) expect((await change(body)).error.code, JSON.stringify(body)).toBe('invalid_request');
    const { email: _, ...seen } = JSON.parse(
      (await lamplight.admin.client.call('GET', `/api/admin/people/${id}`)).text,
    );
    expect(seen).toMatchObject({ role: 'user', disabled: false });
    expect(seen).not.toHaveProperty('dailyTokenBudget');
  });
});
