import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditCollection } from '#domain/audit/audit-records.ts';
import { settle } from '#tests/protocol/virtual-time.ts';
import type { AccountPorts } from './account-ports.ts';
import { createTestProcesses, someSecret, type TestProcesses } from './sessions.fixture.ts';

const refused = (code: string) => expect.objectContaining({ code });
const unauthenticated = refused('unauthenticated');
const newSecret = 'another-secret-of-tests-that-is-long';

describe('a refresh token', () => {
  let test: TestProcesses;
  let accounts: AccountPorts;
  let first: Awaited<ReturnType<TestProcesses['signIn']>>;
  beforeEach(async () => {
    test = await createTestProcesses();
    accounts = test.open();
    first = await test.signIn(accounts, { role: 'user' });
  });
  afterEach(() => test.close());

  const sessionThere = () => accounts.records.sessions.get(first.sessionId);
  const refresh = (token: string, where = accounts) => where.sessions.refresh(token);

  it('is replaced each time, in one session that lives on', async () => {
    await test.time.advance(60_000);
    const second = await refresh(first.refreshToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second).toMatchObject({ sessionId: first.sessionId, expiresInMs: 15 * 60_000 });
    expect(second.refreshExpiresAt).toBe(first.refreshExpiresAt + 60_000);
    await test.time.advance(60_000);
    const third = await refresh(second.refreshToken);
    const principal = await accounts.sessions.authenticate(third.accessToken);
    expect(principal.sessionId).toBe(first.sessionId);
    expect(await sessionThere()).toMatchObject({ generation: 2, lastUsedAt: accounts.clock.now() });
  });

  it('that ten ask with at once gets all of them the same successor', async () => {
    const processes = [accounts, test.open(), test.open()];
    const asked = Array.from({ length: 10 }, (_, place) => refresh(first.refreshToken, processes[place % 3]));
    const given = new Set((await Promise.all(asked)).map(({ refreshToken }) => refreshToken));
    expect(given.size).toBe(1);
    expect(await sessionThere()).toMatchObject({ generation: 1 });
    const [successor = ''] = given;
    expect((await refresh(successor)).sessionId).toBe(first.sessionId);
  });

  it('that was read before others refreshed twice takes nothing back', async () => {
    const slow = test.open();
    const { update } = slow.records.sessions;
    const [reached, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    slow.records.sessions.update = async (...change) => {
      reached.resolve();
      await go.promise;
      return update.apply(slow.records.sessions, change);
    };
    const late = refresh(first.refreshToken, slow);
    await reached.promise;
    const third = await refresh((await refresh(first.refreshToken)).refreshToken);
    go.resolve();
    expect((await late).refreshToken).toBe(third.refreshToken);
    expect(await sessionThere()).toMatchObject({ generation: 2 });
  });

  it('that comes again within twenty seconds gets the one that is good now, also after several refreshes', async () => {
    const second = await refresh(first.refreshToken);
    await test.time.advance(10_000);
    const third = await refresh(second.refreshToken);
    await test.time.advance(9_999);
    expect((await refresh(first.refreshToken)).refreshToken).toBe(third.refreshToken);
    expect((await refresh(second.refreshToken)).refreshToken).toBe(third.refreshToken);
    expect((await sessionThere())?.generation).toBe(2);
  });

  it('that comes again later was stolen: the whole session ends, and that is noted', async () => {
    const second = await refresh(first.refreshToken);
    const there = test.open();
    await there.sessions.authenticate(second.accessToken);
    await test.time.advance(20_000);
    await expect(refresh(first.refreshToken)).rejects.toEqual(unauthenticated);
    await settle();
    expect(await sessionThere()).toBeUndefined();
    await expect(refresh(second.refreshToken)).rejects.toEqual(unauthenticated);
    for (const { sessions } of [accounts, there]) {
      await expect(sessions.authenticate(second.accessToken)).rejects.toEqual(unauthenticated);
    }
    const { items } = await test.store.collection(auditCollection).find({ where: {}, limit: 10 });
    expect(items.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual(['refresh_reuse failure']);
    expect(test.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect(JSON.stringify(test.lines)).not.toContain(first.refreshToken);
  });

  it('that somebody made up ends nobody’s session', async () => {
    await refresh(first.refreshToken);
    await test.time.advance(60_000);
    const [id, , signature] = first.refreshToken.split('.');
    const forged = [
      `${id}.0.${'A'.repeat(43)}`,
      `${id}.1.${signature}`,
      `${id}.2.${signature}`,
      `${id}.00.${signature}`,
      `${id}.-1.${signature}`,
      `${id}.1e3.${signature}`,
      `${first.refreshToken}=`,
      `x${first.refreshToken}`,
    ];
    for (const token of forged) await expect(refresh(token)).rejects.toEqual(unauthenticated);
    expect(await sessionThere()).toMatchObject({ generation: 1 });
  });

  it('of a later time than the session, as after a restored backup, ends nothing', async () => {
    const before = await sessionThere();
    const second = await refresh(first.refreshToken);
    await accounts.records.sessions.update(first.sessionId, { set: { ...before, _id: undefined } });
    await expect(refresh(second.refreshToken)).rejects.toEqual(unauthenticated);
    expect(await sessionThere()).toMatchObject({ generation: 0 });
  });

  it('stays good when the secrets change, and one that comes late then too', async () => {
    const rotated = test.open({ jwtSecrets: [newSecret, someSecret] });
    const second = await refresh(first.refreshToken, rotated);
    expect((await refresh(first.refreshToken, rotated)).refreshToken).toBe(second.refreshToken);
    const dropped = test.open({ jwtSecrets: [newSecret] });
    expect((await refresh(second.refreshToken, dropped)).sessionId).toBe(first.sessionId);
  });

  it('that a dropped secret made is good while it is the present one', async () => {
    const dropped = test.open({ jwtSecrets: [newSecret] });
    await expect(dropped.sessions.authenticate(first.accessToken)).rejects.toEqual(unauthenticated);
    expect((await refresh(first.refreshToken, dropped)).sessionId).toBe(first.sessionId);
  });

  it('told again during a change of secrets is the one that was given out', async () => {
    const [second, rotated] = [await refresh(first.refreshToken), test.open({ jwtSecrets: [newSecret, someSecret] })];
    expect((await refresh(first.refreshToken, rotated)).refreshToken).toBe(second.refreshToken);
  });

  it('keeps no more of its past than the grace needs', async () => {
    let token = first.refreshToken;
    for (let count = 0; count < 130; count += 1) token = (await refresh(token)).refreshToken;
    expect((await sessionThere())?.rotations).toHaveLength(100);
    await test.time.advance(20_000);
    await refresh(token);
    expect((await sessionThere())?.rotations).toHaveLength(1);
  });

  it('of another session is worth nothing for this one', async () => {
    const other = await test.signIn(accounts);
    const [id] = first.refreshToken.split('.');
    const [, generation, signature] = other.refreshToken.split('.');
    await expect(refresh(`${id}.${generation}.${signature}`)).rejects.toEqual(unauthenticated);
  });
});
