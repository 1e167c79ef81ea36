import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { me, tokenResponse } from '#contract/accounts.ts';
import { runtimeSettings } from '#contract/administration.ts';
import { sendReply } from '#contract/chat.ts';
import { closeCodes } from '#contract/socket.ts';
import { myUsage, summary } from '#contract/usage.ts';
import { openChatRecords } from '#domain/chat/chat-records.ts';
import { type Counts, openUsageRecords, type UsageShare } from '#domain/usage/usage-records.ts';
import { addCounts, answerShare } from '#domain/usage/usage-shares.ts';
import { type MailServer, startMailServer } from '#platform/mail/mail-server.fixture.ts';
import { openStoreToRead } from '#platform/store/open-store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { directive } from '#tests/model-server/directive.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { type TestServer, waitFor } from '#tests/servers/child.ts';
import { startMongo, startRedis } from '#tests/servers/programs.ts';
import { type SplitLamplight, startSplit } from '#tests/servers/start-lamplight.ts';
import { readEvents, TestClient, type TestReply, TestSocket } from '#tests/servers/test-client.ts';

const price = { inputPerMillion: 2, outputPerMillion: 8 };
const priced = { id: 'scripted', name: '', contextTokens: 1, vision: false, price, demo: false };
const password = 'a lamp on the window sill';
const quick = directive({ tokens: 30 });
const endless = directive({ tokens: 100_000, tokensPerSecond: 20 });
const messages = '/api/chat/send-simple';

describe.skipIf(!inject('canStartRedis') || !inject('canStartMongo'))('people of several processes', () => {
  let servers: { readonly redis: TestServer; readonly mongo: TestServer };
  let mail: MailServer;
  let model: ModelServer;
  let lamplight: SplitLamplight;
  let admin: string;
  /** Messages so far. */
  let accepted = 0;
  beforeAll(async () => {
    const [redis, mongo] = await Promise.all([startRedis(), startMongo()]);
    if (!redis || !mongo) throw new Error('The servers did not start.');
    servers = { redis, mongo };
    [mail, model] = await Promise.all([startMailServer(), startModelServer()]);
    lamplight = await startSplit({
      mongodbUri: `${mongo.url}lamplight`,
      redisUrl: redis.url,
      apis: 2,
      realtimes: 2,
      env: {
        PUBLIC_URL: 'http://localhost:8080',
        SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
        OPENAI_BASE_URL: model.url,
        OPENAI_MODEL: 'scripted',
        OPENAI_INPUT_PRICE: String(price.inputPerMillion),
        OPENAI_OUTPUT_PRICE: String(price.outputPerMillion),
        MAX_REPLY_TOKENS: '100',
      },
    });
    admin = await signIn(0, 'admin@lamplight.test', 'the evening lamp of the tests');
  });
  afterAll(async () => {
    await lamplight?.kill();
    await Promise.all([model?.close(), mail?.close(), servers?.mongo.kill(), servers?.redis.kill()]);
  });

  const api = (index: 0 | 1, token = '') => new TestClient(lamplight.apis[index]?.url ?? '', token);
  const realtime = (index: 0 | 1, token: string) => new TestClient(lamplight.realtimes[index]?.url ?? '', token);
  const tokenOf = (reply: TestReply) => reply.as(tokenResponse).access_token;
  const signIn = async (index: 0 | 1, username: string, word: string) =>
    tokenOf(await api(index).call('POST', '/api/auth/token', { username, password: word, refresh: 'body' }));
  const guest = async () => tokenOf(await api(0).call('POST', '/api/auth/guest', { name: 'Ada', refresh: 'body' }));
  const change = async (settings: object) => {
    const reply = await api(0, admin).call('PATCH', '/api/admin/settings', settings);
    return reply.as(runtimeSettings);
  };
  const usageOf = async (index: 0 | 1, token: string) =>
    (await api(index, token).call('GET', '/api/me/usage')).as(myUsage);
  /** A socket of a realtime process; its ticket is from an API process, as through the edge. */
  const socketOf = async (index: 0 | 1, token: string) =>
    new TestSocket(`${lamplight.realtimes[index]?.url}/ws?ticket=${await api(index, token).ticket()}`);
  /** Resolves to how many ms `condition` took to become true; the first look is at once. */
  const took = async (what: string, condition: () => Promise<unknown>) => {
    const began = performance.now();
    await waitFor(condition, { what });
    return performance.now() - began;
  };

  it('begin as guests, have an account by a mail that the worker sends, and are the same to each process', async () => {
    const account = { email: 'grace@example.org', name: 'Grace', password };
    const before = await guest();
    const { id } = (await api(1, before).call('GET', '/api/me')).as(me);
    expect((await api(0, before).call('POST', '/api/auth/register', account)).status).toBe(202);
    await waitFor(() => mail.received.length === 1, { what: 'the mail' });
    expect(mail.recipients).toEqual([[account.email]]);
    const token = /http:\/\/localhost:8080\/verify#token=(\S+)/.exec(mail.received[0]?.text ?? '')?.[1];
    const verified = await api(1).call('POST', '/api/auth/verify', { token, password, refresh: 'body' });
    expect([verified.status, verified.text]).toEqual([201, expect.any(String)]);
    const session = await signIn(0, account.email, password);
    expect((await api(1, session).call('GET', '/api/me')).as(me)).toMatchObject({ id, name: 'Grace', role: 'user' });
    const answer = (await realtime(1, session).call('POST', messages, { text: quick })).as(sendReply);
    expect(answer.message.status).toBe('complete');
    accepted += 1;
    const again = await api(1).call('POST', '/api/auth/verify', { token, password, refresh: 'body' });
    expect(again.error.code).toBe('link_invalid');
  });

  it('go by changed settings within a second, everywhere', async () => {
    const ada = await guest();
    const first = await socketOf(1, ada);
    await first.frame('ready');
    await change({ guests: false, messagesPerMinute: 7, openSockets: 1 });
    const apiTook = await took('the other API process', async () => {
      const closed = (await api(1).call('POST', '/api/auth/guest', { name: 'Eve', refresh: 'body' })).status === 403;
      return closed && (await usageOf(1, ada)).messages.limit === 7;
    });
    const realtimeTook = await took('the other realtime process', async () => {
      const second = await socketOf(1, ada);
      const opened = await Promise.race([second.closed, second.frame('ready').catch(() => undefined)]);
      await second.close();
      return opened === closeCodes.tooBusy;
    });
    expect(apiTook + realtimeTook).toBeLessThan(1_000);
    const elsewhere = await socketOf(0, ada);
    expect(await elsewhere.closed, 'one socket in all, wherever').toBe(closeCodes.tooBusy);
    await first.close();
    await change({ guests: true, messagesPerMinute: 100_000, openSockets: 100 });
  });

  it('have their messages a minute in sum over all processes and ways', async () => {
    const ada = await guest();
    const socket = await socketOf(0, ada);
    await change({ messagesPerMinute: 6 });
    const sends = Array.from({ length: 8 }, (_, n) =>
      realtime(n % 2 === 0 ? 0 : 1, ada).call('POST', messages, { text: quick }),
    );
    for (const ref of ['1', '2', '3', '4']) socket.send({ type: 'send', text: quick, ref });
    const replies = await Promise.all(sends);
    const frames = await waitFor(
      () => {
        const mine = socket.frames.filter(({ type }) => type === 'run' || type === 'error');
        return mine.length === 4 ? mine : undefined;
      },
      { what: 'what became of the frames' },
    );
    const overHttp = replies.filter(({ status }) => status === 200).length;
    expect(overHttp + frames.filter(({ type }) => type === 'run').length).toBe(6);
    accepted += 6;
    for (const { status, error, headers } of replies.filter((reply) => reply.status !== 200)) {
      expect([status, error.code, Number(headers.get('retry-after'))]).toEqual([429, 'rate_limited', error.retryAfter]);
    }
    await change({ messagesPerMinute: 100_000 });
    await socket.close();
  });

  it('have one budget over all processes: held and used together never pass it', async () => {
    const ada = await guest();
    const budget = 1_000;
    await change({ budgets: { guest: budget } });
    await waitFor(async () => (await usageOf(1, ada)).tokens.budget === budget, { what: 'the budget' });
    const states: number[] = [];
    let sending = true;
    const looking = (async () => {
      for (let n = 0; sending; n += 1) {
        const { used, reserved } = (await usageOf(n % 2 === 0 ? 0 : 1, ada)).tokens;
        states.push(used + reserved);
      }
    })();
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        realtime(n % 2 === 0 ? 0 : 1, ada).call('POST', messages, {
          text: directive({ tokens: 30, tokensPerSecond: 60 }),
        }),
      ),
    );
    sending = false;
    await looking;
    expect(Math.max(...states)).toBeLessThanOrEqual(budget);
    expect(Math.max(...states), 'it was used to the full').toBeGreaterThan(budget * 0.8);
    const answers = replies.filter(({ status }) => status === 200).map((reply) => reply.as(sendReply));
    expect(answers.length).toBeGreaterThan(2);
    accepted += answers.length;
    expect(new Set(replies.filter(({ status }) => status !== 200).map(({ error }) => error.code))).toEqual(
      new Set(['budget_spent']),
    );
    const spent = answers.reduce((sum, { usage }) => sum + (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0), 0);
    expect((await usageOf(1, ada)).tokens).toMatchObject({ used: spent, reserved: 0, left: budget - spent });
    await change({ budgets: { guest: 1_000_000_000 } });
  });

  it.each([
    ['disabled', async (id: string) => api(0, admin).call('PATCH', `/api/admin/people/${id}`, { disabled: true })],
    ['deleted', async (id: string) => api(0, admin).call('DELETE', `/api/admin/people/${id}`)],
  ])('who are %s lose all that is open within a second, in each process', async (_what, end) => {
    const ada = await guest();
    const { id } = (await api(1, ada).call('GET', '/api/me')).as(me);
    const both = [0, 1] as const;
    const sockets = await Promise.all(both.map((index) => socketOf(index, ada)));
    await Promise.all(sockets.map((socket) => socket.frame('ready')));
    const streams = await Promise.all(
      both.map(async (index) =>
        readEvents(await realtime(index, ada).fetch('POST', '/api/chat/send', { text: endless })),
      ),
    );
    await Promise.all(streams.map((events) => events.next()));
    accepted += streams.length;
    const ends = Promise.all(
      streams.map(async (events) => {
        for await (const _ of events);
      }),
    );
    const began = performance.now();
    expect((await end(id)).status).toBeLessThan(300);
    expect(await Promise.all(sockets.map(({ closed }) => closed))).toEqual([closeCodes.policy, closeCodes.policy]);
    await ends;
    expect(performance.now() - began).toBeLessThan(1_000);
    for (const index of both) {
      expect([401, 403]).toContain((await realtime(index, ada).call('POST', messages, { text: quick })).status);
      expect([401, 403]).toContain((await api(index, ada).call('GET', '/api/me')).status);
    }
    // Their answers need not go on here.
    await api(0, admin).call('DELETE', `/api/admin/people/${id}`);
  });

  it('pay once for answers whose worker, scheduler and API process are killed over them', {
    timeout: 40_000,
  }, async () => {
    const ada = await guest();
    const slow = directive({ tokens: 60, tokensPerSecond: 20 });
    const count = 4;
    const sends = Array.from({ length: count }, (_, n) =>
      realtime(n % 2 === 0 ? 0 : 1, ada).call('POST', messages, { text: slow }),
    );
    const begun = () => model.calls().filter(({ text, tokensSent }) => text === slow && tokensSent > 40).length;
    await waitFor(() => begun() === count, { what: 'the answers to be under way, and stored that far' });
    const struck = [...lamplight.workers, ...lamplight.schedulers, ...lamplight.apis.slice(1)];
    await Promise.all(struck.map((one) => one.kill()));
    expect((await usageOf(0, ada)).tokens).toMatchObject({ used: 0, reserved: expect.any(Number) });
    await Promise.all(struck.map((one) => one.start()));
    const answers = (await Promise.all(sends)).map((reply) => reply.as(sendReply));
    expect(answers.map(({ message }) => message.status)).toEqual(Array(count).fill('complete'));
    const spent = answers.reduce((sum, { usage }) => sum + (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0), 0);
    expect((await usageOf(1, ada)).tokens).toMatchObject({ used: spent, reserved: 0 });
    expect(
      answers.every(({ usage }) => usage?.estimated),
      'the calls that were lost are paid, too',
    ).toBe(true);
    accepted += count;
  });

  it('are counted as a recount has it, once all is added up', async () => {
    const { counted, runs } = await waitFor(recount, { what: 'all to be added up', timeoutMs: 20_000, everyMs: 250 });
    const told = (await api(1, admin).call('GET', '/api/analytics/summary')).as(summary);
    expect(told.messages, 'each accepted message once').toBe(accepted);
    expect(told).toMatchObject({
      requests: counted.requests,
      errors: counted.errors ?? 0,
      conversations: counted.conversations,
      messages: counted.messages,
      failedAnswers: counted.failedAnswers ?? 0,
      inputTokens: counted.inputTokens,
      outputTokens: counted.outputTokens,
      cost: (counted.costNanos ?? 0) / 1e9,
    });
    expect([told.errors, told.failedAnswers]).toEqual([0, 0]);
    expect(told.cost).toBeGreaterThan(0);
    for (const { share, ofRun } of runs) expect(share).toEqual(ofRun);
  });

  /** What the shares say together, and those of runs that are still there beside what the run says; undefined while something is under way. */
  async function recount() {
    const mongodbUri = `${servers.mongo.url}lamplight`;
    const store = await openStoreToRead(
      { kind: 'servers', mongodbUri, redisUrl: servers.redis.url },
      collectingLogger(),
    );
    try {
      const { shares } = openUsageRecords(store);
      const counted: Counts = {};
      const byId = new Map<string, UsageShare>();
      for await (const share of shares.scan()) {
        if (!share.folded) return undefined;
        byId.set(share._id, share);
        for (const { counts } of share.lines) addCounts(counted, counts);
      }
      const runs = [];
      for await (const run of openChatRecords(store).runs.scan()) {
        if (!run.settled) return undefined;
        runs.push({ share: byId.get(run._id)?.lines, ofRun: answerShare(run, { get: () => priced }).lines });
      }
      return (counted.messages ?? 0) >= accepted ? { counted, runs } : undefined;
    } finally {
      await store.close();
    }
  }
});
