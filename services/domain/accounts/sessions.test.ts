import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settle } from '#tests/protocol/virtual-time.ts';
import { AccessTokens } from './access-tokens.ts';
import type { AccountPorts } from './account-ports.ts';
import { sessionEnded } from './account-topics.ts';
import { createTestProcesses, type TestProcesses } from './sessions.fixture.ts';
import { tellPersonChanged } from './tell-processes.ts';

const minute = 60_000;
const hour = 60 * minute;
const refused = (code: string) => expect.objectContaining({ code });

describe('sessions', () => {
  let test: TestProcesses;
  let accounts: AccountPorts;
  beforeEach(async () => {
    test = await createTestProcesses();
    accounts = test.open();
  });
  afterEach(() => test.close());

  /** Somebody new and signed in, with what tells who they are. */
  const signIn = async (options: Parameters<TestProcesses['signIn']>[1] = {}) => {
    const grant = await test.signIn(accounts, options);
    return { ...grant, principal: await accounts.sessions.authenticate(grant.accessToken) };
  };
  const change = async (personId: string, set: Record<string, unknown>) => {
    await accounts.records.people.update(personId, { set });
  };

  it('know who a token speaks for, in every process', async () => {
    const { accessToken, expiresInMs, principal } = await signIn({ name: 'Ada' });
    expect(expiresInMs).toBe(15 * minute);
    expect(principal).toMatchObject({ name: 'Ada', role: 'guest', timeZone: 'UTC' });
    expect(principal).not.toHaveProperty('scopes');
    expect(await test.open().sessions.authenticate(accessToken)).toEqual(principal);
    expect((await signIn({ name: 'Ada' })).principal.id).not.toBe(principal.id);
  });

  it('leave nothing in the store that signs anybody in', async () => {
    const { accessToken, refreshToken, principal } = await signIn();
    const { ticket } = await accounts.sessions.createTicket(principal);
    const { sessions, tickets } = accounts.records;
    const [session] = (await sessions.find({ where: {}, limit: 10 })).items;
    const [kept] = (await tickets.find({ where: {}, limit: 10 })).items;
    const stored = JSON.stringify([session, kept]);
    for (const secret of [accessToken, refreshToken, ticket]) expect(stored).not.toContain(secret);
    for (const text of [session?._id, session?.refreshHash]) {
      await expect(accounts.sessions.authenticate(text ?? '')).rejects.toEqual(refused('unauthenticated'));
      await expect(accounts.sessions.refresh(text ?? '')).rejects.toEqual(refused('unauthenticated'));
    }
    await expect(accounts.sessions.redeemTicket(kept?._id ?? '')).rejects.toEqual(refused('unauthenticated'));
  });

  it.each(['', 'none', '__proto__', '\0', 'a'.repeat(100_000), 'a.b.c', '..'])(
    'know no token that is none (%#)',
    async (token) => {
      await expect(accounts.sessions.authenticate(token)).rejects.toEqual(refused('unauthenticated'));
      await expect(accounts.sessions.refresh(token)).rejects.toEqual(refused('unauthenticated'));
    },
  );

  it('take no refresh token for an access token, and no access token for a refresh token', async () => {
    const { accessToken, refreshToken } = await signIn();
    await expect(accounts.sessions.authenticate(refreshToken)).rejects.toEqual(refused('unauthenticated'));
    await expect(accounts.sessions.refresh(accessToken)).rejects.toEqual(refused('unauthenticated'));
  });

  it('take an access token for fifteen minutes, although they live longer', async () => {
    const { accessToken, principal } = await signIn();
    await test.time.advance(15 * minute - 1);
    expect((await accounts.sessions.authenticate(accessToken)).id).toBe(principal.id);
    await test.time.advance(1);
    await expect(accounts.sessions.authenticate(accessToken)).rejects.toEqual(refused('unauthenticated'));
    expect((await accounts.sessions.renew(principal)).id).toBe(principal.id);
  });

  it('give no access token that outlives them', async () => {
    accounts = test.open({ guestSessionMs: 5 * minute });
    const { expiresInMs, refreshExpiresAt } = await signIn();
    expect([expiresInMs, refreshExpiresAt]).toEqual([5 * minute, accounts.clock.now() + 5 * minute]);
  });

  it.each([
    ['guest', 2 * hour],
    ['user', 30 * 24 * hour],
  ] as const)('of a %s expire when they are not used', async (role, lifeMs) => {
    const { refreshToken, principal } = await signIn({ role });
    expect(principal.expiresAt).toBe(accounts.clock.now() + lifeMs);
    await test.time.advance(lifeMs - 1);
    expect(await accounts.sessions.stillValid(principal)).toMatchObject({ id: principal.id });
    expect(await accounts.sessions.list(principal.id)).toHaveLength(1);
    await test.time.advance(1);
    await expect(accounts.sessions.refresh(refreshToken)).rejects.toEqual(refused('session_expired'));
    await expect(accounts.sessions.renew(principal)).rejects.toEqual(refused('session_expired'));
    expect(await accounts.sessions.stillValid(principal)).toBeUndefined();
    expect(await accounts.sessions.list(principal.id)).toEqual([]);
  });

  it('expire on time also where they were looked up a moment before', async () => {
    accounts = test.open({ guestSessionMs: 3_000 });
    const { principal } = await signIn();
    await test.time.advance(3_000);
    await expect(accounts.sessions.renew(principal)).rejects.toEqual(refused('session_expired'));
  });

  it('live on while they are used, without a write for each use', async () => {
    const { accessToken, principal } = await signIn();
    await test.time.advance(59_000);
    expect((await accounts.sessions.authenticate(accessToken)).expiresAt).toBe(principal.expiresAt);
    await test.time.advance(6_000);
    expect((await accounts.sessions.authenticate(accessToken)).expiresAt).toBe(principal.expiresAt + 65_000);
    await test.time.advance(2 * hour - 1);
    expect((await accounts.sessions.renew(principal)).id).toBe(principal.id);
  });

  it('tell when they and their person were last there, to the minute', async () => {
    const { accessToken, principal } = await signIn();
    const seen = async () => [
      (await accounts.sessions.list(principal.id))[0]?.lastUsedAt,
      (await accounts.records.people.get(principal.id))?.lastSeenAt,
    ];
    const [began] = await seen();
    await test.time.advance(59_000);
    await accounts.sessions.authenticate(accessToken);
    expect(await seen()).toEqual([began, began]);
    await test.time.advance(1_000);
    await accounts.sessions.authenticate(accessToken);
    expect(await seen()).toEqual([accounts.clock.now(), accounts.clock.now()]);
  });

  it('tell that somebody was there who signs in again', async () => {
    const { principal } = await signIn({ role: 'user' });
    const person = await accounts.records.people.get(principal.id);
    await test.time.advance(hour);
    await accounts.sessions.start(person ?? expect.fail(), { device: 'a phone' });
    expect((await accounts.records.people.get(principal.id))?.lastSeenAt).toBe(accounts.clock.now());
  });

  it('end in every process at once, and tell it', async () => {
    const [here, there] = [accounts, test.open()];
    const { accessToken, refreshToken, principal } = await signIn();
    await there.sessions.authenticate(accessToken);
    const ended: string[] = [];
    test.broadcast.subscribe(sessionEnded, ({ sessionId }) => ended.push(sessionId));
    expect(await here.sessions.end(principal.sessionId)).toBe(true);
    await settle();
    for (const { sessions } of [here, there]) {
      await expect(sessions.authenticate(accessToken)).rejects.toEqual(refused('unauthenticated'));
      await expect(sessions.refresh(refreshToken)).rejects.toEqual(refused('unauthenticated'));
      await expect(sessions.renew(principal)).rejects.toEqual(refused('unauthenticated'));
    }
    expect(ended).toEqual([principal.sessionId]);
    expect(await here.sessions.end(principal.sessionId)).toBe(false);
  });

  it('are believed for five seconds at most where the end was not heard', async () => {
    const { accessToken, principal } = await signIn();
    await accounts.records.sessions.delete(principal.sessionId);
    expect((await accounts.sessions.authenticate(accessToken)).id).toBe(principal.id);
    await test.time.advance(5_000);
    await expect(accounts.sessions.authenticate(accessToken)).rejects.toEqual(refused('unauthenticated'));
  });

  it('are not believed from what was read before they ended', async () => {
    const { accessToken, principal } = await signIn();
    const there = test.open();
    const { get } = there.records.sessions;
    const [reached, read] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    there.records.sessions.get = async (...asked) => {
      const session = await get.apply(there.records.sessions, asked);
      reached.resolve();
      await read.promise;
      return session;
    };
    const asking = there.sessions.authenticate(accessToken);
    await reached.promise;
    await accounts.sessions.end(principal.sessionId);
    await settle();
    read.resolve();
    await asking;
    await expect(there.sessions.authenticate(accessToken)).rejects.toEqual(refused('unauthenticated'));
  });

  it('end all of a person, but for one where that is said', async () => {
    const { principal } = await signIn({ role: 'user' });
    const person = { _id: principal.id, role: 'user' } as const;
    for (const device of ['A phone', 'A tablet']) await accounts.sessions.start(person, { device });
    const { principal: other } = await signIn({ role: 'user' });
    expect(await accounts.sessions.endAllOf(principal.id, { except: principal.sessionId })).toBe(2);
    expect((await accounts.sessions.list(principal.id)).map(({ _id }) => _id)).toEqual([principal.sessionId]);
    expect(await accounts.sessions.endAllOf(principal.id)).toBe(1);
    expect(await accounts.sessions.list(principal.id)).toEqual([]);
    expect(await accounts.sessions.list(other.id)).toHaveLength(1);
  });

  it('take no token that names another person than theirs', async () => {
    const [{ principal: ada }, { principal: eve }] = [await signIn(), await signIn()];
    const tokens = new AccessTokens(accounts.keys, accounts.clock);
    const mixed = await tokens.sign({ personId: eve.id, sessionId: ada.sessionId }, ada.expiresAt);
    await expect(accounts.sessions.authenticate(mixed.token)).rejects.toEqual(refused('unauthenticated'));
  });

  it('of somebody else are not ended', async () => {
    const [{ principal: ada }, { principal: eve }] = [await signIn(), await signIn()];
    expect(await accounts.sessions.end(ada.sessionId, { personId: eve.id })).toBe(false);
    expect(await accounts.sessions.renew(ada)).toEqual(ada);
  });

  it('speak for a person as they are now, in every process at once', async () => {
    const there = test.open();
    const { accessToken, principal } = await signIn({ role: 'user' });
    await there.sessions.authenticate(accessToken);
    await change(principal.id, { name: 'Countess', role: 'manager', dailyTokenBudget: 7 });
    await tellPersonChanged(accounts, principal.id);
    await settle();
    for (const { sessions } of [accounts, there]) {
      const now = { name: 'Countess', role: 'manager', dailyTokenBudget: 7 };
      expect(await sessions.authenticate(accessToken)).toMatchObject(now);
    }
  });

  it.each([
    ['disabled', { disabled: true }, 'account_disabled'],
    ['deleted', { deleted: true, disabled: true }, 'unauthenticated'],
  ])('of one who was %s are worth nothing', async (_what, set, code) => {
    const { accessToken, refreshToken, principal } = await signIn({ role: 'user' });
    const { ticket } = await accounts.sessions.createTicket(principal);
    await change(principal.id, set);
    await tellPersonChanged(accounts, principal.id);
    const { sessions } = accounts;
    await expect(sessions.authenticate(accessToken)).rejects.toEqual(refused(code));
    await expect(sessions.refresh(refreshToken)).rejects.toEqual(refused(code));
    await expect(sessions.renew(principal)).rejects.toEqual(refused(code));
    await expect(sessions.redeemTicket(ticket)).rejects.toEqual(refused(code));
    expect(await sessions.stillValid(principal)).toBeUndefined();
  });

  it('learn of a change of person within five seconds where it was not told', async () => {
    const { accessToken, principal } = await signIn({ role: 'admin' });
    await change(principal.id, { role: 'user' });
    await test.time.advance(5_000);
    expect((await accounts.sessions.authenticate(accessToken)).role).toBe('user');
  });

  it('give tickets that are used once, within half a minute, while the session lasts', async () => {
    const { principal } = await signIn();
    const used = await accounts.sessions.createTicket(principal);
    expect(used.expiresInMs).toBe(30_000);
    const redeem = (ticket: string) => test.open().sessions.redeemTicket(ticket);
    const tries = await Promise.allSettled([redeem(used.ticket), redeem(used.ticket)]);
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const late = await accounts.sessions.createTicket(principal);
    await test.time.advance(30_000);
    await expect(redeem(late.ticket)).rejects.toEqual(refused('unauthenticated'));
    const orphan = await accounts.sessions.createTicket(principal);
    await accounts.sessions.end(principal.sessionId);
    await expect(redeem(orphan.ticket)).rejects.toEqual(refused('unauthenticated'));
  });

  it('end although nobody could be told: the open streams learn it from the store', async () => {
    const { accessToken, principal } = await signIn();
    await test.broadcast.close();
    await accounts.sessions.end(principal.sessionId);
    await expect(accounts.sessions.authenticate(accessToken)).rejects.toEqual(refused('unauthenticated'));
    expect(test.lines.some(({ message }) => message.includes('were not told'))).toBe(true);
  });

  it('are removed after they ended, some at a time, with their tickets', async () => {
    for (let count = 0; count < 3; count += 1) await accounts.sessions.createTicket((await signIn()).principal);
    expect(await accounts.sessions.sweep(100)).toBe(0);
    await test.time.advance(hour);
    expect(await accounts.sessions.sweep(2)).toBe(2);
    expect(await accounts.sessions.sweep(100)).toBe(1);
    await test.time.advance(hour);
    expect(await accounts.sessions.sweep(100), 'a client still hears that it expired').toBe(0);
    await test.time.advance(60_000);
    expect(await accounts.sessions.sweep(100)).toBe(3);
    expect(await accounts.records.sessions.count({})).toBe(0);
  });
});
