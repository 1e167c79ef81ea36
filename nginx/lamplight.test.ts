import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import WebSocket from 'ws';
import type { TestServer } from '#tests/servers/child.ts';
import { startMongo, startRedis } from '#tests/servers/programs.ts';
import { type SplitLamplight, startSplit } from '#tests/servers/start-lamplight.ts';
import { apiHost, type Edge, mainHost, startEdge } from './edge.fixture.ts';

const { nginx } = inject('programs');
const possible = nginx && inject('canStartRedis') && inject('canStartMongo');
const page = `http://${mainHost}`;

describe.skipIf(!possible)('Lamplight behind the edge', () => {
  let servers: Array<TestServer | undefined> = [];
  let lamplight: SplitLamplight;
  let edge: Edge;
  beforeAll(async () => {
    servers = await Promise.all([startMongo(), startRedis()]);
    const [mongo, redis] = servers;
    lamplight = await startSplit({ mongodbUri: mongo?.url ?? '', redisUrl: redis?.url ?? '', apis: 1, realtimes: 2 });
    const placeOf = (url: string) => new URL(url).host;
    edge = await startEdge(nginx ?? '', {
      env: {
        API_URL: `http://${apiHost}`,
        EDGE_API_UPSTREAM: lamplight.apis.map(({ url }) => placeOf(url)).join(),
        EDGE_REALTIME_UPSTREAM: lamplight.realtimes.map(({ url }) => placeOf(url)).join(),
      },
    });
  });
  afterAll(async () => {
    await edge?.stop();
    await lamplight?.stop();
    await Promise.all(servers.map((server) => server?.stop()));
  });

  const json = { 'content-type': 'application/json' };
  const guest = async (): Promise<Record<string, string>> => {
    const { body } = await edge.ask('/api/auth/guest', {
      host: apiHost,
      method: 'POST',
      body: '{"name":"Ada"}',
      headers: json,
    });
    return { ...json, authorization: `Bearer ${JSON.parse(body).access_token}` };
  };

  it('answers by events, with the trace of the request from end to end', async () => {
    const headers = { ...(await guest()), origin: page, 'x-trace-id': 'a'.repeat(32) };
    const body = JSON.stringify({ text: 'hello', clientMessageId: crypto.randomUUID() });
    const reply = await edge.ask('/api/chat/send', { host: apiHost, method: 'POST', body, headers });
    expect(reply).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'access-control-allow-origin': page,
        'x-trace-id': 'a'.repeat(32),
      },
    });
    expect(reply.body).toMatch(/^event: run\n/);
    expect(reply.body).toMatch(/event: done\ndata: \{/);
    const [run = ''] = /(?<="runId":")[^"]+/.exec(reply.body) ?? [];
    const again = await edge.ask(`/api/runs/${run}/events`, { headers: { ...headers, 'last-event-id': '1-0' } });
    expect(again.body).toMatch(/event: done\ndata: \{/);
  });

  it('answers by a socket, opened with a ticket that stays out of the log', async () => {
    const headers = await guest();
    const { body } = await edge.ask('/api/auth/ticket', { method: 'POST', headers, body: '{}' });
    const { ticket } = JSON.parse(body);
    const socket = new WebSocket(`ws://127.0.0.1:${edge.httpPort}/ws?ticket=${ticket}`, { headers: { host: apiHost } });
    const frames: string[] = [];
    socket.on('message', (data) => frames.push(String(data)));
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'send', text: 'hello', clientMessageId: crypto.randomUUID() }));
    while (!frames.some((frame) => JSON.parse(frame).type === 'done')) await once(socket, 'message');
    socket.close();
    await once(socket, 'close');
    const lines = await edge.logged('/ws');
    expect(lines[0]).toMatchObject({ 'http.response.status_code': 101 });
    expect(JSON.stringify(lines)).not.toContain(ticket);
  });

  it('gives the errors of the services as they are, to pages of the main host', async () => {
    const reply = await edge.ask('/api/me', { host: apiHost, headers: { origin: page } });
    expect(reply).toMatchObject({
      status: 401,
      headers: { 'access-control-allow-origin': page, 'www-authenticate': 'Bearer' },
    });
    expect(JSON.parse(reply.body).error).toMatchObject({
      code: 'unauthenticated',
      traceId: reply.headers['x-trace-id'],
    });
  });

  it('gives its docs and its health', async () => {
    for (const [path, type] of [
      ['/docs', 'text/html'],
      ['/docs/start.js', 'javascript'],
      ['/api/openapi.json', 'application/json'],
      ['/health', 'application/json'],
    ] as const) {
      const { status, headers } = await edge.ask(path);
      expect([path, status, String(headers['content-type'])]).toEqual([path, 200, expect.stringContaining(type)]);
    }
  });

  it('goes on with the other realtime where one has gone', async () => {
    await lamplight.realtimes[0]?.kill();
    const headers = await guest();
    const send = () => {
      const body = JSON.stringify({ text: 'hello', clientMessageId: crypto.randomUUID() });
      return edge.ask('/api/chat/send-simple', { method: 'POST', body, headers });
    };
    const replies = await Promise.all(Array.from({ length: 4 }, send));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });
});
