import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalBroadcast } from '#platform/broadcast/local-broadcast.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { Freezable, settle, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { sessions as sessionSpec, tickets as ticketSpec } from './guest-session-records.ts';
import { Sessions, sessionEnded } from './sessions.ts';

const hour = 3_600_000;

describe('guest sessions', () => {
  let time: VirtualTime;
  let store: Store;
  let broadcast: LocalBroadcast;
  let ids = 0;
  const { logger } = collectingLogger();
  beforeEach(async () => {
    time = new VirtualTime();
    store = await openSqliteStore({ file: ':memory:', logger });
    await store.prepare([sessionSpec, ticketSpec]);
    broadcast = new LocalBroadcast({ logger });
  });
  afterEach(async () => {
    await broadcast.close();
    await store.close();
  });

  /** Sessions as one of several processes has them. */
  const open = (guestSessionMs = 2 * hour) => {
    const clock = new Freezable(time).clock(0);
    return new Sessions({ store, broadcast, clock, logger, newId: () => `guest-${ids++}`, guestSessionMs });
  };
  const refused = (code: string) => expect.objectContaining({ code });

  it('know who a token speaks for, in every process', async () => {
    const sessions = open();
    const { token, expiresInMs } = await sessions.startGuest('Ada');
    expect(expiresInMs).toBe(2 * hour);
    const ada = await sessions.authenticate(token);
    expect(ada).toMatchObject({ name: 'Ada', role: 'guest', id: expect.stringMatching(/^guest-/) });
    expect(await open().authenticate(token)).toEqual(ada);
    const { token: other } = await sessions.startGuest('Ada');
    expect((await sessions.authenticate(other)).id).not.toBe(ada.id);
  });

  it('leave nothing in the store that signs anybody in', async () => {
    const sessions = open();
    const { token } = await sessions.startGuest('Ada');
    const { ticket } = await sessions.createTicket(await sessions.authenticate(token));
    const [session] = (await store.collection(sessionSpec).find({ where: {}, limit: 10 })).items;
    const [kept] = (await store.collection(ticketSpec).find({ where: {}, limit: 10 })).items;
    expect(JSON.stringify([session, kept])).not.toContain(token);
    expect(JSON.stringify([session, kept])).not.toContain(ticket);
    await expect(sessions.authenticate(session?._id ?? '')).rejects.toEqual(refused('unauthenticated'));
    await expect(sessions.redeemTicket(kept?._id ?? '')).rejects.toEqual(refused('unauthenticated'));
  });

  it.each(['', 'none', '__proto__', '\0', 'a'.repeat(100_000)])('know no token %.20j', async (token) => {
    await expect(open().authenticate(token)).rejects.toEqual(refused('unauthenticated'));
  });

  it('expire when they are not used', async () => {
    const sessions = open();
    const { token } = await sessions.startGuest('Ada');
    const ada = await sessions.authenticate(token);
    await time.advance(2 * hour - 1);
    expect(await sessions.stillValid(ada.sessionId)).toMatchObject({ id: ada.id });
    await time.advance(1);
    await expect(sessions.authenticate(token)).rejects.toEqual(refused('session_expired'));
    await expect(sessions.renew(ada)).rejects.toEqual(refused('session_expired'));
    expect(await sessions.stillValid(ada.sessionId)).toBeUndefined();
  });

  it('expire on time also where they were looked up a moment before', async () => {
    const sessions = open(3_000);
    const { token } = await sessions.startGuest('Ada');
    await sessions.authenticate(token);
    await time.advance(3_000);
    await expect(sessions.authenticate(token)).rejects.toEqual(refused('session_expired'));
  });

  it('live on while they are used, without a write for each use', async () => {
    const sessions = open();
    const { token } = await sessions.startGuest('Ada');
    const first = await sessions.authenticate(token);
    await time.advance(59_000);
    expect((await sessions.authenticate(token)).expiresAt).toBe(first.expiresAt);
    await time.advance(6_000);
    expect((await sessions.authenticate(token)).expiresAt).toBe(first.expiresAt + 65_000);
    await time.advance(2 * hour - 1);
    expect((await sessions.authenticate(token)).id).toBe(first.id);
  });

  it('end in every process at once, and tell it', async () => {
    const [here, there] = [open(), open()];
    const { token } = await here.startGuest('Ada');
    const ada = await here.authenticate(token);
    await there.authenticate(token);
    const ended: string[] = [];
    broadcast.subscribe(sessionEnded, ({ sessionId }) => ended.push(sessionId));
    await here.end(ada);
    await settle();
    for (const sessions of [here, there]) {
      await expect(sessions.authenticate(token)).rejects.toEqual(refused('unauthenticated'));
      await expect(sessions.renew(ada)).rejects.toEqual(refused('unauthenticated'));
    }
    expect(ended).toEqual([ada.sessionId]);
  });

  it('are believed for five seconds at most where the end was not heard', async () => {
    const sessions = open();
    const { token } = await sessions.startGuest('Ada');
    const ada = await sessions.authenticate(token);
    await store.collection(sessionSpec).delete(ada.sessionId);
    expect((await sessions.authenticate(token)).id).toBe(ada.id);
    await time.advance(5_000);
    await expect(sessions.authenticate(token)).rejects.toEqual(refused('unauthenticated'));
  });

  it('give tickets that are used once, within half a minute, while the session lasts', async () => {
    const sessions = open();
    const ada = await sessions.authenticate((await sessions.startGuest('Ada')).token);
    const used = await sessions.createTicket(ada);
    expect(used.expiresInMs).toBe(30_000);
    const tries = await Promise.allSettled([sessions.redeemTicket(used.ticket), open().redeemTicket(used.ticket)]);
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const late = await sessions.createTicket(ada);
    await time.advance(30_000);
    await expect(sessions.redeemTicket(late.ticket)).rejects.toEqual(refused('unauthenticated'));
    const orphan = await sessions.createTicket(ada);
    await sessions.end(ada);
    await expect(sessions.redeemTicket(orphan.ticket)).rejects.toEqual(refused('unauthenticated'));
  });

  it('end although nobody could be told: the open streams learn it from the store', async () => {
    const sessions = open();
    const { token } = await sessions.startGuest('Ada');
    const ada = await sessions.authenticate(token);
    await broadcast.close();
    await sessions.end(ada);
    await expect(sessions.authenticate(token)).rejects.toEqual(refused('unauthenticated'));
  });

  it('are removed after they ended, some at a time, with their tickets', async () => {
    const sessions = open();
    for (let count = 0; count < 3; count += 1) {
      await sessions.createTicket(await sessions.authenticate((await sessions.startGuest('Ada')).token));
    }
    expect(await sessions.sweep(100)).toBe(0);
    await time.advance(hour);
    expect(await sessions.sweep(2)).toBe(2);
    expect(await sessions.sweep(100)).toBe(1);
    await time.advance(hour);
    expect(await sessions.sweep(100), 'a client still hears that it expired').toBe(0);
    await time.advance(60_000);
    expect(await sessions.sweep(100)).toBe(3);
    expect(await store.collection(sessionSpec).count({})).toBe(0);
  });
});
