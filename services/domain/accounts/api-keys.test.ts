import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settle } from '#tests/protocol/virtual-time.ts';
import type { AccountPorts } from './account-ports.ts';
import { sessionEnded } from './account-topics.ts';
import { maxApiKeys } from './api-keys.ts';
import { createTestProcesses, type TestProcesses } from './sessions.fixture.ts';
import { tellPersonChanged } from './tell-processes.ts';

const day = 24 * 3_600_000;
const refused = (code: string) => expect.objectContaining({ code });
const asked = { name: 'A script', scopes: ['read', 'chat'], expiresInDays: 90 } as const;

describe('an API key', () => {
  let test: TestProcesses;
  let accounts: AccountPorts;
  let personId: string;
  beforeEach(async () => {
    test = await createTestProcesses();
    accounts = test.open();
    const { accessToken } = await test.signIn(accounts, { role: 'user' });
    personId = (await accounts.sessions.authenticate(accessToken)).id;
  });
  afterEach(() => test.close());

  const create = (more = {}) => accounts.apiKeys.create(personId, { ...asked, ...more });
  const authenticate = (key: string, where = accounts) => where.sessions.authenticate(key);

  it('speaks for its person, for what it was made for', async () => {
    const made = await create({ scopes: ['read', 'read'] });
    expect(made.key).toMatch(/^lamp_[\w-]{43}$/);
    expect(made).toMatchObject({ prefix: made.key.slice(0, 11), scopes: ['read'] });
    const principal = await authenticate(made.key);
    expect(principal).toMatchObject({ id: personId, role: 'user', scopes: ['read'], sessionId: made._id });
    expect(principal.expiresAt).toBe(accounts.clock.now() + 90 * day);
    expect(await authenticate(made.key, test.open())).toEqual(principal);
    expect(await accounts.sessions.renew(principal)).toEqual(principal);
    expect(await accounts.sessions.stillValid(principal)).toEqual(principal);
  });

  it('is kept as its hash alone', async () => {
    const { key } = await create();
    const [stored] = await accounts.apiKeys.list(personId);
    expect(JSON.stringify(stored)).not.toContain(key.slice(12));
    for (const text of [stored?.hash ?? '', `lamp_${stored?.hash}`]) {
      await expect(authenticate(text)).rejects.toEqual(refused('unauthenticated'));
    }
  });

  it.each(['lamp_', `lamp_${'A'.repeat(43)}`, `lamp_${'A'.repeat(44)}`, `LAMP_${'A'.repeat(43)}`])(
    'is not %s',
    async (key) => {
      await expect(authenticate(key)).rejects.toEqual(refused('unauthenticated'));
    },
  );

  it('is refused once it ran out, however lately it was believed', async () => {
    const { key, expiresAt } = await create({ expiresInDays: 1 });
    await test.time.advance(expiresAt - accounts.clock.now() - 1);
    const principal = await authenticate(key);
    await test.time.advance(1);
    await expect(authenticate(key)).rejects.toEqual(refused('session_expired'));
    await expect(accounts.sessions.renew(principal)).rejects.toEqual(refused('session_expired'));
    expect(await accounts.sessions.stillValid(principal)).toBeUndefined();
  });

  it('is refused once it was ended, in every process at once, and what it opened ends', async () => {
    const there = test.open();
    const { key, _id } = await create();
    const principal = await authenticate(key);
    await authenticate(key, there);
    const ended: string[] = [];
    test.broadcast.subscribe(sessionEnded, ({ sessionId }) => ended.push(sessionId));
    expect(await accounts.apiKeys.end('somebody-else', _id)).toBe(false);
    expect(await accounts.apiKeys.end(personId, _id)).toBe(true);
    await settle();
    for (const where of [accounts, there])
      await expect(authenticate(key, where)).rejects.toEqual(refused('unauthenticated'));
    expect(await accounts.sessions.stillValid(principal)).toBeUndefined();
    expect(ended).toEqual([_id]);
    expect(await accounts.apiKeys.end(personId, _id)).toBe(false);
  });

  it('is refused while its person is disabled', async () => {
    const { key } = await create();
    await authenticate(key);
    await accounts.records.people.update(personId, { set: { disabled: true } });
    await tellPersonChanged(accounts, personId);
    await expect(authenticate(key)).rejects.toEqual(refused('account_disabled'));
  });

  it('opens a socket that has its scopes', async () => {
    const principal = await authenticate((await create({ scopes: ['read'] })).key);
    const { ticket } = await accounts.sessions.createTicket(principal);
    expect(await accounts.sessions.redeemTicket(ticket)).toEqual(principal);
    const late = await accounts.sessions.createTicket(principal);
    await accounts.apiKeys.endAllOf(personId);
    await expect(accounts.sessions.redeemTicket(late.ticket)).rejects.toEqual(refused('unauthenticated'));
  });

  it('tells when it was last used, to the minute', async () => {
    const { key } = await create();
    const used = async () => (await accounts.apiKeys.list(personId))[0]?.lastUsedAt;
    expect(await used()).toBeUndefined();
    await authenticate(key);
    const first = accounts.clock.now();
    expect(await used()).toBe(first);
    await test.time.advance(59_000);
    await authenticate(key);
    expect(await used()).toBe(first);
    await test.time.advance(1_000);
    await authenticate(key);
    expect(await used()).toBe(first + 60_000);
  });

  it('is one of twenty at most, however many are asked for at once', async () => {
    const tries = await Promise.allSettled(Array.from({ length: maxApiKeys + 10 }, () => create()));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(maxApiKeys);
    expect(await accounts.records.apiKeys.count({ personId })).toBe(maxApiKeys);
    await expect(create()).rejects.toEqual(refused('too_many_keys'));
    const [one] = await accounts.apiKeys.list(personId);
    await accounts.apiKeys.end(personId, one?._id ?? '');
    await create();
  });

  it('that ran out makes room', async () => {
    for (let count = 0; count < maxApiKeys; count += 1) await create({ expiresInDays: 1 });
    await test.time.advance(day);
    expect(await accounts.apiKeys.list(personId)).toHaveLength(maxApiKeys);
    await create();
    expect(await accounts.apiKeys.list(personId), 'those that ran out made room').toHaveLength(1);
  });

  it('that ran out is removed after a month', async () => {
    await create({ expiresInDays: 1 });
    await test.time.advance(31 * day - 1);
    await accounts.sessions.sweep(100);
    expect(await accounts.apiKeys.list(personId)).toHaveLength(1);
    await test.time.advance(1);
    await accounts.sessions.sweep(100);
    expect(await accounts.apiKeys.list(personId)).toEqual([]);
  });
});
