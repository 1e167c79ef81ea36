import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '#contract/socket.ts';
import { accountCollections } from '#domain/accounts/account-records.ts';
import { openAccounts } from '#domain/accounts/open-accounts.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { tellPersonChanged } from '#domain/accounts/tell-processes.ts';
import { personNotice } from '#domain/runs/run-topics.ts';
import { type AppError, storeUnavailable } from '#platform/errors.ts';
import { Freezable, settle, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { heartbeatEveryMs, type OpenStream, OpenStreams } from './open-streams.ts';

class KeptStream implements OpenStream {
  readonly principal: Principal;
  readonly notices: Notice[] = [];
  readonly ends: string[] = [];
  beats = 0;

  constructor(principal: Principal) {
    this.principal = principal;
  }
  heartbeat = () => {
    this.beats += 1;
  };
  notice = (notice: Notice) => void this.notices.push(notice);
  end = ({ code }: AppError) => void this.ends.push(code);
}

describe('the open streams of a process', () => {
  let time: VirtualTime;
  let app: TestChat;
  let streams: OpenStreams;
  let reconnect = () => {};
  beforeEach(async () => {
    time = new VirtualTime();
    app = await createTestChat({
      clock: new Freezable(time).clock(0),
      guestSessionMs: 90_000,
      ports: ({ broadcast }) => ({
        broadcast: Object.assign(Object.create(broadcast), {
          publish: broadcast.publish.bind(broadcast),
          subscribe: broadcast.subscribe.bind(broadcast),
          onReconnect: (listener: () => void) => {
            reconnect = listener;
            return () => {};
          },
        }),
      }),
    });
    streams = new OpenStreams({ ...app.chat, sessions: app.sessions });
  });
  afterEach(async () => {
    const ended = streams.endAll(0);
    await time.advance(1);
    await ended;
    await app.close();
  });

  const open = async (principal?: Principal) => {
    const stream = new KeptStream(principal ?? (await app.signIn()));
    return { stream, remove: streams.add(stream) };
  };
  const forgetSession = ({ principal }: KeptStream) =>
    app.foundation.store.collection(accountCollections.sessions).delete(principal.sessionId);
  const notice: Notice = { kind: 'conversation_deleted', conversationId: 'talk' };

  it('are beaten until they are taken out', async () => {
    const { stream, remove } = await open();
    await time.advance(heartbeatEveryMs * 2);
    expect([stream.beats, streams.count]).toEqual([2, 1]);
    remove();
    await time.advance(heartbeatEveryMs);
    expect([stream.beats, streams.count]).toEqual([2, 0]);
  });

  it('are told what concerns their person', async () => {
    const [{ stream: ada }, { stream: eve }] = [await open(), await open()];
    const { stream: adaToo } = await open(ada.principal);
    await app.chat.broadcast.publish(personNotice, { ownerId: ada.principal.id, notice });
    await settle();
    expect([ada.notices, adaToo.notices, eve.notices]).toEqual([[notice], [notice], []]);
  });

  it('end with their session: at once where that is told, within a minute where it was missed', async () => {
    const [{ stream: told }, { stream: missed }, { stream: other }] = [await open(), await open(), await open()];
    await app.sessions.end(told.principal.sessionId);
    await settle();
    expect(told.ends).toEqual(['unauthenticated']);
    await forgetSession(missed);
    await time.advance(60_000);
    await settle();
    expect([missed.ends, other.ends]).toEqual([['session_expired'], []]);
  });

  it('end where their session ran out', async () => {
    const { stream } = await open();
    await time.advance(120_000);
    await settle();
    expect(stream.ends[0]).toBe('session_expired');
  });

  it('are checked when the broadcast is connected again, since it may have missed an end', async () => {
    const { stream } = await open();
    await forgetSession(stream);
    reconnect();
    await settle();
    expect(stream.ends).toEqual(['session_expired']);
  });

  describe('of a person who may no longer do as much', () => {
    const setPerson = (personId: string, set: Record<string, unknown>) =>
      app.foundation.accounts.records.people.update(personId, { set });
    const changes: [string, Record<string, unknown>, string][] = [
      ['was disabled', { disabled: true }, 'session_expired'],
      ['was deleted', { deleted: true, disabled: true }, 'session_expired'],
      ['has a lesser role', { role: 'user' }, 'draining'],
    ];

    it.each(changes)('end in every process at once where one %s', async (_what, set, code) => {
      const accounts = openAccounts({ ...app.chat, ...app.foundation }, app.foundation.accounts.settings);
      const there = new OpenStreams({ ...app.chat, sessions: accounts.sessions });
      const { stream: here } = await open(await app.signIn({ role: 'manager' }));
      const elsewhere = new KeptStream(here.principal);
      there.add(elsewhere);
      const { stream: other } = await open(await app.signIn({ role: 'manager' }));
      await setPerson(here.principal.id, set);
      await tellPersonChanged(app.foundation.accounts, here.principal.id);
      await settle();
      expect([here.ends, elsewhere.ends, other.ends]).toEqual([[code], [code], []]);
      const ended = there.endAll(0);
      await time.advance(1);
      await ended;
    });

    it.each(changes)(
      'end within a minute, or on reconnect, where one %s and nobody was told',
      async (_what, set, code) => {
        const signIn = () => app.signIn({ role: 'manager' });
        const [{ stream: first }, { stream: second }] = [await open(await signIn()), await open(await signIn())];
        await setPerson(first.principal.id, set);
        await time.advance(60_000);
        await settle();
        expect([first.ends, second.ends]).toEqual([[code], []]);
        await setPerson(second.principal.id, set);
        reconnect();
        await settle();
        expect(second.ends).toEqual([code]);
      },
    );

    it.each(changes)(
      'end where one %s although the stream knows it already, or opens only now',
      async (_w, set, code) => {
        const principal = await app.signIn({ role: 'manager' });
        const { stream } = await open(principal);
        await setPerson(principal.id, set);
        const renewed = { ...principal, role: 'user' } as const;
        Object.assign(stream, { principal: renewed });
        await tellPersonChanged(app.foundation.accounts, principal.id);
        await settle();
        const { stream: late } = await open(principal);
        await settle();
        expect([stream.ends, late.ends]).toEqual([[code], [code]]);
      },
    );

    it('stay where a person has more rights, or another name', async () => {
      const { stream } = await open(await app.signIn({ role: 'user' }));
      await setPerson(stream.principal.id, { role: 'manager', name: 'Countess' });
      await tellPersonChanged(app.foundation.accounts, stream.principal.id);
      await settle();
      expect(stream.ends).toEqual([]);
    });
  });

  it('end with their API key, and with nobody else’s', async () => {
    const { apiKeys } = app.foundation.accounts;
    const { id } = await app.signIn({ role: 'user' });
    const newKey = () => apiKeys.create(id, { name: 'A script', scopes: ['chat'], expiresInDays: 1 });
    const [ended, missed, kept] = [await newKey(), await newKey(), await newKey()];
    const openWith = async ({ key }: { key: string }) => (await open(await app.sessions.authenticate(key))).stream;
    const [first, second, third] = [await openWith(ended), await openWith(missed), await openWith(kept)];
    await apiKeys.end(id, ended._id);
    await app.foundation.accounts.records.apiKeys.delete(missed._id);
    await settle();
    expect([first.ends, second.ends, third.ends]).toEqual([['unauthenticated'], [], []]);
    await time.advance(60_000);
    await settle();
    expect([second.ends, third.ends]).toEqual([['session_expired'], []]);
  });

  it('end within a second of a person’s end also where the store was not there for the first look', async () => {
    const { stream } = await open();
    const { people } = app.foundation.accounts.records;
    await people.update(stream.principal.id, { set: { disabled: true } });
    const { getMany } = people;
    let looks = 0;
    people.getMany = (...args) => {
      looks += 1;
      return looks <= 1 ? Promise.reject(storeUnavailable(new Error('away'))) : getMany.apply(people, args);
    };
    await tellPersonChanged(app.foundation.accounts, stream.principal.id);
    await settle();
    expect([looks, stream.ends]).toEqual([1, []]);
    await time.advance(900);
    await settle();
    people.getMany = getMany;
    expect(stream.ends).toEqual(['session_expired']);
    expect(app.lines.filter(({ message }) => message.includes('could not be checked'))).toHaveLength(1);
  });

  it('stay where sessions cannot be checked', async () => {
    const { stream } = await open();
    await app.foundation.store.close();
    await time.advance(60_000);
    await settle();
    expect(stream.ends).toEqual([]);
    expect(app.lines.some(({ message }) => message.includes('could not be checked'))).toBe(true);
  });

  it('all end when the process stops, also one that comes late, and hear nothing more', async () => {
    const { stream } = await open();
    const ended = streams.endAll(0);
    const { stream: late } = await open();
    await time.advance(1);
    await ended;
    expect([stream.ends, late.ends]).toEqual([['draining'], ['draining']]);
    await app.chat.broadcast.publish(personNotice, { ownerId: stream.principal.id, notice });
    await time.advance(heartbeatEveryMs);
    expect([stream.notices, stream.beats]).toEqual([[], 0]);
  });

  it('end one after another where the process stops with many, and those to come still hear what concerns them', async () => {
    const { stream: first } = await open();
    const crowd = await Promise.all(Array.from({ length: 99 }, () => open(first.principal)));
    const ended = streams.endAll(10_000);
    await time.advance(49);
    const all = [first, ...crowd.map(({ stream }) => stream)];
    expect(all.filter(({ ends }) => ends.length > 0)).toHaveLength(50);
    await app.chat.broadcast.publish(personNotice, { ownerId: first.principal.id, notice });
    await settle();
    expect(all.at(-1)?.notices).toEqual([notice]);
    await time.advance(50);
    await ended;
    expect(all.every(({ ends }) => ends.length === 1)).toBe(true);
  });

  it('end faster than that where the time is short', async () => {
    const { stream } = await open();
    const crowd = await Promise.all(Array.from({ length: 99 }, () => open(stream.principal)));
    const ended = streams.endAll(20);
    await time.advance(20);
    await ended;
    expect(crowd.every(({ stream: { ends } }) => ends.length === 1)).toBe(true);
  });
});
