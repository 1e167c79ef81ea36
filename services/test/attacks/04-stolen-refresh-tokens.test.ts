import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { tokenResponse } from '#contract/accounts.ts';
import { closeCodes } from '#contract/socket.ts';
import { auditPage } from '#contract/usage.ts';
import { accountCollections, type SessionRecord } from '#domain/accounts/account-records.ts';
import { type MongoStore, openMongoStore } from '#platform/store/mongo-store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { directive } from '#tests/model-server/directive.ts';
import { waitFor } from '#tests/servers/child.ts';
import { startRedis } from '#tests/servers/programs.ts';
import { type SplitLamplight, startSplit } from '#tests/servers/start-lamplight.ts';
import { readEvents, TestClient, TestSocket } from '#tests/servers/test-client.ts';
import { type AttackedLamplight, startAttackedLamplight } from './attacked-lamplight.fixture.ts';

/** As long as a socket of an ended session may stay. */
const soonMs = 1_000;
const nobody = (url: string) => new TestClient(url, '');
const refresh = (url: string, refresh_token: string) =>
  nobody(url).call('POST', '/api/auth/refresh', { refresh_token });
const refreshed = async (url: string, token: string) => {
  const reply = await refresh(url, token);
  if (reply.status !== 200) throw new Error(`Not refreshed: ${reply.status} ${reply.text}`);
  const { access_token, refresh_token = '' } = reply.as(tokenResponse);
  return { accessToken: access_token, refreshToken: refresh_token };
};
const guest = async (url: string) => {
  const reply = await nobody(url).call('POST', '/api/auth/guest', { name: 'Ada', refresh: 'body' });
  const { access_token: accessToken, refresh_token: refreshToken = '' } = reply.as(tokenResponse);
  return { accessToken, refreshToken };
};

/** The one token that all of these refreshes got. */
const successorOf = async (refreshes: ReadonlyArray<ReturnType<typeof refreshed>>): Promise<string> => {
  const tokens = new Set((await Promise.all(refreshes)).map(({ refreshToken }) => refreshToken));
  expect(tokens.size).toBe(1);
  return [...tokens].join();
};
const expectOver = async (url: string, tokens: { refresh: readonly string[]; access: readonly string[] }) => {
  for (const token of tokens.refresh) expect((await refresh(url, token)).status).toBe(401);
  for (const token of tokens.access) expect((await new TestClient(url, token).call('GET', '/api/me')).status).toBe(401);
};

describe('a refresh token that comes twice, in one process', () => {
  let lamplight: AttackedLamplight;
  beforeAll(async () => {
    lamplight = await startAttackedLamplight();
  });
  afterAll(() => lamplight?.stop());

  const reuses = async (personId: string) => {
    const path = `/api/admin/audit?action=refresh_reuse&personId=${personId}`;
    return (await lamplight.admin.client.call('GET', path)).as(auditPage).items;
  };

  it('keeps ten tabs signed in that come at once, with one successor for all', async () => {
    const { url } = lamplight;
    const { id, refreshToken } = await lamplight.newPerson('user');
    const next = await successorOf(Array.from({ length: 10 }, () => refreshed(url, refreshToken)));
    expect(next).not.toBe(refreshToken);
    const last = await successorOf(Array.from({ length: 10 }, () => refreshed(url, next)));
    expect(await refreshed(url, last)).toMatchObject({ accessToken: expect.any(String) });
    expect(await reuses(id)).toEqual([]);
  });

  it('ends the family when it was replaced long ago, with all that is open, at once', async () => {
    const { url } = lamplight;
    const { id, accessToken, refreshToken: stolen, client } = await lamplight.newPerson('guest', 'Ada');
    const socket = await client.socket();
    const endless = directive({ tokens: 100_000, tokensPerSecond: 50 });
    const events = readEvents(await client.fetch('POST', '/api/chat/send', { text: endless }));
    await events.next();
    // The old tokens of the last hundred refreshes within the grace are known; this many make one old without waiting.
    let present = { accessToken, refreshToken: stolen };
    for (let count = 0; count < 101; count += 1) present = await refreshed(url, present.refreshToken);
    expect((await client.call('GET', '/api/me')).status, 'the session is as good as on its first day').toBe(200);

    const reply = await refresh(url, stolen);
    expect([reply.status, reply.error.code]).toEqual([401, 'unauthenticated']);
    const began = performance.now();
    let last: string | undefined;
    for await (const { event, data } of events) last = event === 'error' ? JSON.parse(data).code : undefined;
    expect(last).toBe('unauthenticated');
    expect(await socket.closed).toBe(closeCodes.policy);
    expect(performance.now() - began).toBeLessThan(soonMs);
    await expectOver(url, {
      refresh: [present.refreshToken, stolen],
      access: [accessToken, present.accessToken],
    });
    expect(await reuses(id)).toMatchObject([{ outcome: 'failure', subjectId: id, address: '127.0.0.1' }]);
  });

  it('ends no family where it is not ours, so that nobody can sign out others by guessing', async () => {
    const { url } = lamplight;
    const { id, refreshToken } = await lamplight.newPerson('guest');
    const { refreshToken: present } = await refreshed(url, refreshToken);
    const [session, generation, signature = ''] = present.split('.');
    const forged = [
      `${session}.0.${'A'.repeat(43)}`,
      `${session}.0.${signature}`,
      `${session}.00.${refreshToken.split('.')[2]}`,
      `${session}.${Number(generation) + 1}.${signature}`,
      `${session}.-1.${signature}`,
      `${session}.1e0.${signature}`,
      `${session}.${generation}.${signature}=`,
      `${session}.${generation}`,
      `${session}.${generation}.${signature}.`,
      `${session}.${generation}.${signature.slice(0, -1)}${signature.endsWith('A') ? 'B' : 'A'}`,
      `${present}\n`,
      `__proto__.0.${signature}`,
    ];
    for (const token of forged) expect([token, (await refresh(url, token)).status]).toEqual([token, 401]);
    expect(await reuses(id)).toEqual([]);
    await refreshed(url, present);
  });
});

const { redisUrl, mongodbUri } = { redisUrl: inject('canStartRedis'), mongodbUri: inject('mongodbUri') };
describe.skipIf(!redisUrl || !mongodbUri)('a refresh token that comes twice, to two processes', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let split: SplitLamplight;
  let store: MongoStore;
  let apis: string[];
  beforeAll(async () => {
    redis = await startRedis();
    const uri = `${mongodbUri}attack-refresh-${Date.now()}`;
    split = await startSplit({
      ...{ mongodbUri: uri, redisUrl: redis?.url ?? '', apis: 2, realtimes: 2, workers: 0, schedulers: 0 },
      env: { OPENAI_API_KEY: 'k', OPENAI_MODEL: 'scripted', OPENAI_BASE_URL: 'http://127.0.0.1:9' },
    });
    store = await openMongoStore({ uri, logger: collectingLogger().logger });
    apis = split.apis.map(({ url }) => url);
  }, 30_000);
  afterAll(async () => {
    await split?.kill();
    await store?.close();
    await redis?.stop();
  });

  const api = (index: number) => apis[index % apis.length] ?? '';
  const ticketOf = (accessToken: string) => new TestClient(api(0), accessToken).ticket();
  const socketAt = (index: number, ticket: string) =>
    new TestSocket(`${split.realtimes[index % 2]?.url}/ws?ticket=${ticket}`);

  it('keeps ten tabs signed in that come at once, with one successor for all', async () => {
    let { refreshToken } = await guest(api(0));
    for (let round = 0; round < 3; round += 1) {
      const before = refreshToken;
      refreshToken = await successorOf(Array.from({ length: 10 }, (_, index) => refreshed(api(index), before)));
      expect(refreshToken).not.toBe(before);
    }
    await refreshed(api(1), refreshToken);
  });

  it('ends the family on every process when it was replaced long ago', async () => {
    const first = await guest(api(0));
    const second = await refreshed(api(0), first.refreshToken);
    const sockets = [socketAt(0, await ticketOf(first.accessToken)), socketAt(1, await ticketOf(second.accessToken))];
    for (const socket of sockets) await socket.frame('ready');
    // Both processes believe the session now.
    for (const url of apis)
      expect((await new TestClient(url, first.accessToken).call('GET', '/api/me')).status).toBe(200);
    const sessions = store.collection<SessionRecord>(accountCollections.sessions);
    const [sessionId = ''] = first.refreshToken.split('.');
    const longAgo = [{ generation: 0, at: Date.now() - 21_000 }];
    expect(await sessions.update(sessionId, { set: { rotations: longAgo } })).toMatchObject({ generation: 1 });

    const began = performance.now();
    expect((await refresh(api(1), first.refreshToken)).error.code).toBe('unauthenticated');
    for (const socket of sockets) expect(await socket.closed).toBe(closeCodes.policy);
    expect(performance.now() - began).toBeLessThan(soonMs);
    for (const url of apis) {
      await expectOver(url, {
        refresh: [first.refreshToken, second.refreshToken],
        access: [first.accessToken, second.accessToken],
      });
    }
    expect(await sessions.get(sessionId)).toBeUndefined();
  });

  it('is no way around with a ticket: of ten sockets with one, at two processes, one opens', async () => {
    const ticket = await ticketOf((await guest(api(0))).accessToken);
    const sockets = Array.from({ length: 10 }, (_, index) => socketAt(index, ticket));
    let refused = 0;
    for (const { closed } of sockets) void closed.then((code) => (refused += code === closeCodes.policy ? 1 : 0));
    await waitFor(() => refused === 9, { what: 'nine sockets to be refused' });
    await waitFor(() => sockets.filter(({ frames }) => frames.length > 0).length === 1);
    for (const socket of sockets) socket.ws.terminate();
  });
});
