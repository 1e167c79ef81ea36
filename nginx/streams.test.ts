import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { waitFor } from '#tests/servers/child.ts';
import { type Edge, mainHost, openSocket, startEdge } from './edge.fixture.ts';
import { startEcho, startUpstream, type Upstream } from './upstream.fixture.ts';

const { nginx } = inject('programs');

const socketsAtOnce = 1000;

describe.skipIf(!nginx)('streams through the edge', () => {
  let [api, realtime]: Upstream[] = [];
  let edge: Edge;
  /** Streams that wait for the next event, by their path. */
  const open = new Map<string, ServerResponse>();
  const gone: string[] = [];
  const sockets = new WebSocketServer({ noServer: true });
  const upgrades: IncomingMessage[] = [];

  beforeAll(async () => {
    api = await startEcho('api');
    realtime = await startUpstream((req, res) => {
      const path = req.url ?? '';
      if (path.startsWith('/ws')) return void res.writeHead(426).end();
      res.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store, no-transform',
      });
      res.flushHeaders();
      open.set(path, res);
      res.on('close', () => gone.push(path));
    });
    realtime.server.on('upgrade', (req, socket, head) => {
      upgrades.push(req);
      sockets.handleUpgrade(req, socket, head, (ws) => {
        ws.on('message', (data) => ws.send(data.toString()));
        ws.on('error', () => undefined);
      });
    });
    edge = await startEdge(nginx ?? '', {
      env: { EDGE_API_UPSTREAM: api.address, EDGE_REALTIME_UPSTREAM: realtime.address },
    });
  });
  afterAll(async () => {
    sockets.close();
    for (const client of sockets.clients) client.terminate();
    await edge?.stop();
    await Promise.all([api?.close(), realtime?.close()]);
  });

  const streams = [
    ['POST', '/api/chat/send'],
    ['POST', '/api/chat/send-simple'],
    ['GET', '/api/runs/1/events'],
  ] as const;

  it.each(streams)('bring each event when it is sent, uncompressed: %s %s', async (method, path) => {
    const asking = request({
      host: '127.0.0.1',
      port: edge.httpPort,
      path,
      method,
      headers: { host: mainHost, 'accept-encoding': 'br, gzip', accept: 'text/event-stream' },
      agent: false,
    });
    asking.end();
    // Nothing was sent but the head, and it is here.
    const [reply] = (await once(asking, 'response')) as [IncomingMessage];
    expect([reply.statusCode, reply.headers['content-encoding']]).toEqual([200, undefined]);
    expect(reply.headers['cache-control']).toBe('no-store, no-transform');
    const stream = open.get(path);
    reply.setEncoding('utf8');
    // The next event is sent only after the one before was read whole: an edge that gathers would never end this.
    for (let index = 0; index < 50; index++) {
      const event = `id: 1-${index}\ndata: {"text":"${'x'.repeat(index)}"}\n\n`;
      stream?.write(event);
      let received = '';
      while (received.length < event.length) received += String((await once(reply, 'data'))[0]);
      expect(received).toBe(event);
    }
    stream?.end();
    await once(reply, 'end');
  });

  it('end at the service when the reader goes away', async () => {
    const path = '/api/runs/2/events';
    const asking = request({ host: '127.0.0.1', port: edge.httpPort, path, headers: { host: mainHost }, agent: false });
    asking.end();
    const [reply] = (await once(asking, 'response')) as [IncomingMessage];
    reply.on('error', () => undefined);
    reply.destroy();
    await waitFor(() => gone.includes(path), { what: 'the service to learn of it' });
  });

  it('end at the reader, cut, when the service dies', async () => {
    const path = '/api/runs/3/events';
    const asking = request({ host: '127.0.0.1', port: edge.httpPort, path, headers: { host: mainHost }, agent: false });
    asking.end();
    const [reply] = (await once(asking, 'response')) as [IncomingMessage];
    open.get(path)?.write('data: {}\n\n');
    await once(reply, 'data');
    const broken = once(reply, 'error');
    open.get(path)?.destroy();
    expect((await broken)[0]).toMatchObject({ code: 'ECONNRESET' });
    expect(reply.complete).toBe(false);
  });

  const connect = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${edge.httpPort}/ws?ticket=secret-ticket`, {
      headers: { host: mainHost, connection: 'Upgrade' },
      perMessageDeflate: false,
    });
    await once(socket, 'open');
    return socket;
  };

  it(`are ${socketsAtOnce} sockets at once, each of which gets its own`, { timeout: 60_000 }, async () => {
    const all: WebSocket[] = [];
    while (all.length < socketsAtOnce) all.push(...(await Promise.all(Array.from({ length: 100 }, connect))));
    expect(sockets.clients.size).toBe(socketsAtOnce);
    const echoes = await Promise.all(
      all.map(async (socket, index) => {
        const echo = once(socket, 'message');
        socket.send(`socket ${index}`);
        return String((await echo)[0]);
      }),
    );
    expect(echoes).toEqual(all.map((_, index) => `socket ${index}`));
    for (const socket of all) socket.terminate();
    await waitFor(() => sockets.clients.size === 0, { what: 'the service to learn that they are gone' });
  });

  it('have a trace at their start, and no ticket in the log', async () => {
    const socket = await connect();
    socket.terminate();
    expect(upgrades.at(-1)?.headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
    });
    const [line] = await edge.logged('/ws');
    expect(line).toMatchObject({ 'http.response.status_code': 101 });
    expect(JSON.stringify(line)).not.toContain('secret');
  });

  it('are sockets where sockets are, and nothing else: no other path, no other protocol', async () => {
    const upgrade = (path: string, protocol: string) =>
      edge.raw(
        `GET ${path} HTTP/1.1\r\nHost: ${mainHost}\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: ${protocol}\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      );
    const before = upgrades.length;
    expect(await upgrade('/ws', 'h2c')).toMatch(/^HTTP\/1\.1 426 /);
    expect(await upgrade('/ws', 'websocket, h2c')).toMatch(/^HTTP\/1\.1 426 /);
    expect(await upgrade('/api/me', 'websocket')).toMatch(/^HTTP\/1\.1 200 /);
    expect(await upgrade('/api/me', 'h2c')).toMatch(/^HTTP\/1\.1 200 /);
    expect(upgrades.length).toBe(before);
    expect(api?.seen.at(-1)?.headers['upgrade']).toBeUndefined();
    expect(api?.seen.at(-1)?.headers['connection']).toBe('close');
  });

  it('are limited in number by client address', async () => {
    const small = await startEdge(nginx ?? '', {
      env: { EDGE_REALTIME_UPSTREAM: realtime?.address ?? '', EDGE_CONNECTIONS_PER_ADDRESS: '2' },
    });
    const hold = async () => {
      const socket = await openSocket(small.httpPort);
      socket.write(`GET /api/runs/9/events HTTP/1.1\r\nHost: ${mainHost}\r\n\r\n`);
      await once(socket, 'data');
      return socket;
    };
    const held = [await hold(), await hold()];
    const refused = await small.ask('/api/runs/9/events');
    expect([refused.status, refused.headers['retry-after'], JSON.parse(refused.body).error.code]).toEqual([
      429,
      '1',
      'rate_limited',
    ]);
    held.pop()?.destroy();
    await waitFor(async () => (await hold().then((socket) => held.push(socket))) > 1, { what: 'room again' });
    for (const socket of held) socket.destroy();
    await small.stop();
  });
});
