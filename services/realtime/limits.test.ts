import { afterEach, describe, expect, it } from 'vitest';
import { runEvent } from '#contract/chat.ts';
import { closeCodes } from '#contract/socket.ts';
import type { Config } from '#platform/config/config.ts';
import { directive } from '#tests/model-server/directive.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import { readEvents, type TestClient, TestSocket } from '#tests/servers/test-client.ts';

const endless = directive({ tokens: 100_000, tokensPerSecond: 1 });

describe('the limits of a person', () => {
  let app: TestChat;
  let server: TestServer;
  let ada: TestClient;
  const start = async (limits: Partial<Config['limits']>) => {
    app = await createTestChat({ limits });
    server = await app.openTestServer();
    ada = await server.client();
  };
  afterEach(() => app.close());

  const send = (body: object, who = ada) => who.call('POST', '/api/chat/send', { text: 'Hi', ...body });
  const headersOf = (headers: Headers) =>
    ['ratelimit-limit', 'ratelimit-remaining', 'retry-after'].map((name) => headers.get(name));
  const left = async () => (await app.foundation.limits.messages.peek((await me()).id)).remaining;
  const me = async () => {
    const { text } = await ada.call('GET', '/api/me');
    return JSON.parse(text) as { id: string };
  };
  /** An answer stream that stays open until it is cancelled. */
  const open = async (path: string, init: { method: string; body?: object } = { method: 'GET' }) => {
    const abort = new AbortController();
    const response = await ada.fetch(init.method, path, init.body, { signal: abort.signal });
    return { response, close: () => abort.abort() };
  };

  it('refuse one message too many, say when the next may come, and count by person', async () => {
    await start({ messagesPerMinute: 2 });
    app.startWorker();
    expect(headersOf((await send({})).headers)).toEqual(['2', '1', null]);
    const simple = await ada.call('POST', '/api/chat/send-simple', { text: 'Hi' });
    expect([simple.status, ...headersOf(simple.headers)]).toEqual([200, '2', '0', null]);
    for (const path of ['/api/chat/send', '/api/chat/send-simple']) {
      const { status, headers, error } = await ada.call('POST', path, { text: 'Hi' });
      expect([status, error.code, error.retryAfter]).toEqual([429, 'rate_limited', Number(headers.get('retry-after'))]);
      expect(error.message).toBe(`You have sent 2 messages in a minute. Send again in ${error.retryAfter} seconds.`);
      expect(Number(headers.get('ratelimit-reset'))).toBe(error.retryAfter);
      expect(error.retryAfter).toBeGreaterThan(50);
    }
    expect(await app.chat.records.runs.count({}), 'a refused message leaves nothing').toBe(2);
    expect((await send({}, await server.client('Eve'))).status).toBe(200);
  });

  it('hold over a socket, too, and say when', async () => {
    await start({ messagesPerMinute: 1 });
    const socket = await ada.socket();
    socket.send({ type: 'send', text: endless, ref: 'a' });
    await socket.frame('run');
    socket.send({ type: 'send', text: 'Hi', ref: 'b' });
    const refused = await socket.frame('error');
    expect(refused).toMatchObject({ code: 'rate_limited', ref: 'b', retryAfter: expect.any(Number) });
    expect(refused.message).toContain(`Send again in ${refused.retryAfter} seconds.`);
    expect(socket.ws.readyState).toBe(socket.ws.OPEN);
  });

  it('give a repeat its answer for nothing, also where no message is left', async () => {
    await start({ messagesPerMinute: 2 });
    app.startWorker();
    const message = { clientMessageId: 'a-message' };
    const first = await send(message);
    expect(await left()).toBe(1);
    expect((await send(message)).status).toBe(200);
    expect(await left()).toBe(1);
    await send({});
    const repeat = await send(message);
    expect(repeat.status).toBe(200);
    expect(runIdOf(repeat.text)).toBe(runIdOf(first.text));
    expect((await send({ ...message, text: 'Another' })).error.code).toBe('message_id_reused');
  });

  it('charge for a retry, and say what is left', async () => {
    await start({ messagesPerMinute: 2 });
    app.startWorker();
    const { run } = await ada.ask(directive({ fault: '401' }));
    const retry = () => ada.call('POST', `/api/messages/${run.messageId}/retry`);
    const { status, headers } = await retry();
    expect([status, ...headersOf(headers)]).toEqual([202, '2', '0', null]);
    expect((await retry()).error.code).toBe('rate_limited');
  });

  it('charge nothing where a message fails on our side', async () => {
    await start({ messagesPerMinute: 3 });
    const { id } = await me();
    await app.foundation.store.close();
    expect((await send({})).status).toBe(503);
    expect((await app.foundation.limits.messages.peek(id)).remaining).toBe(3);
  });

  it('follow what an administrator sets while everything runs', async () => {
    await start({ messagesPerMinute: 1 });
    app.startWorker();
    await send({});
    expect((await send({})).status).toBe(429);
    await app.foundation.runtime.change({ messagesPerMinute: 5 });
    expect(headersOf((await send({})).headers)).toEqual(['5', expect.any(String), null]);
  });

  it('bound the answer streams that are open, of every kind, and leave room where one closed', async () => {
    await start({ socketsPerPerson: 2 });
    const first = await open('/api/chat/send', { method: 'POST', body: { text: endless } });
    const event = await readEvents(first.response).next();
    const { runId } = runEvent.parse(JSON.parse(event.value?.data ?? ''));
    const second = await open(`/api/runs/${runId}/events`);
    expect(second.response.status).toBe(200);
    for (const refused of [
      await ada.call('GET', `/api/runs/${runId}/events`),
      await send({}),
      await ada.call('POST', '/api/chat/send-simple', { text: 'Hi' }),
    ]) {
      expect([refused.status, refused.error.code]).toEqual([429, 'too_many_streams']);
      expect(refused.headers.get('retry-after')).toBe('5');
      expect(refused.error.message).toContain('You have 2 connections open');
    }
    expect(await app.chat.records.runs.count({}), 'a refused message leaves nothing').toBe(1);
    const eve = await server.client('Eve');
    const hers = await eve.fetch('POST', '/api/chat/send', { text: endless });
    expect(hers.status).toBe(200);
    await hers.body?.cancel();
    second.close();
    const third = await waitFor(
      async () => {
        const tried = await open(`/api/runs/${runId}/events`);
        return tried.response.status === 200 ? tried : undefined;
      },
      { what: 'room' },
    );
    third.close();
    first.close();
  });

  it('bound the sockets that are open, which are told to come again later', async () => {
    await start({ socketsPerPerson: 2 });
    const open = async () => new TestSocket(`${server.url}/ws?ticket=${await ada.ticket()}`);
    const [first] = [await ada.socket(), await ada.socket()];
    const refused = await open();
    expect(await refused.closed).toBe(closeCodes.tooBusy);
    expect(refused.frames).toEqual([]);
    await (await (await server.client('Eve')).socket()).close();
    await first.close();
    const again = await waitFor(
      async () => {
        const socket = await open();
        return (await Promise.race([socket.closed, socket.frame('ready').catch(() => 0)])) !== closeCodes.tooBusy
          ? socket
          : undefined;
      },
      { what: 'room' },
    );
    await again.frame('ready');
    await app.foundation.runtime.change({ openSockets: 3 });
    await ada.socket();
  });

  it('are counted when they refuse, by policy', async () => {
    await start({ messagesPerMinute: 1, socketsPerPerson: 1 });
    await send({ conversationId: 'nowhere' });
    await send({});
    await ada.socket();
    await new TestSocket(`${server.url}/ws?ticket=${await ada.ticket()}`).closed;
    const { body } = await app.foundation.telemetry.metrics.expose();
    for (const policy of ['messages', 'sockets'])
      expect(body).toMatch(new RegExp(`lamplight_limit_refusals_total\\{policy="${policy}",service="test"\\} 1`));
  });
});

const runIdOf = (events: string): string => /"runId":"([^"]+)"/.exec(events)?.[1] ?? 'none';
