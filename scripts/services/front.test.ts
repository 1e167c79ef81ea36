import { once } from 'node:events';
import { createServer, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { errorResponse } from '#contract/errors.ts';
import { routes } from '#contract/routes.ts';
import { freePort } from '#scripts/programs/free-port.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createFront, type FrontTarget, routePath } from './front.ts';

const servers: Server[] = [];

async function listen(server: Server): Promise<string> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const serve = (listener: RequestListener) => listen(createServer(listener));
const front = (addresses: Partial<Record<FrontTarget, string[]>>) =>
  listen(createFront((target) => addresses[target] ?? []));

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

describe('routePath', () => {
  it.each(Object.values(routes).filter((route) => route.process !== 'both'))(
    'sends $method $path to the process that serves it',
    ({ path, process }) => {
      expect(routePath(path.replace(':id', '0190'))).toBe(process);
    },
  );

  it.each([
    ['/ws?ticket=1', 'realtime'],
    ['/api/runs', 'realtime'],
    ['/health', 'api'],
    ['/docs', 'api'],
    ['/', 'api'],
    ['/wsx', 'api'],
    ['/api/chatter', 'api'],
  ])('sends %s to %s', (path, target) => {
    expect(routePath(path)).toBe(target);
  });
});

describe('the front', () => {
  it('takes the processes of a service in turn', async () => {
    const api = await Promise.all(['a', 'b'].map((name) => serve((_, response) => response.end(name))));
    const url = await front({ api });
    const replies = await Promise.all(Array.from({ length: 4 }, async () => (await fetch(url)).text()));
    expect(replies.sort()).toEqual(['a', 'a', 'b', 'b']);
  });

  it('forwards the body, the host, and who asked', async () => {
    const api = await serve(async (incoming, response) => {
      const { host, 'x-forwarded-for': from } = incoming.headers;
      response.end(JSON.stringify({ host, from, body: (await incoming.toArray()).join('') }));
    });
    const url = await front({ api: [api] });
    const reply = await fetch(url, { method: 'POST', body: 'hello' });
    expect(await reply.json()).toEqual({ host: new URL(url).host, from: '127.0.0.1', body: 'hello' });
  });

  it('passes events on as they come, their headers before the first', async () => {
    const sent = Promise.withResolvers<(text: string) => void>();
    const realtime = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      sent.resolve((text) => response.write(text));
    });
    const reply = await fetch(`${await front({ realtime: [realtime] })}/api/runs/1/events`);
    const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader();
    const send = await sent.promise;
    for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
      send(text);
      expect((await reader?.read())?.value).toBe(text);
    }
    await reader?.cancel();
  });

  it('ends the call to the process when the reader goes away', async () => {
    let gone = false;
    const realtime = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      response.on('close', () => {
        gone = true;
      });
    });
    const controller = new AbortController();
    await fetch(`${await front({ realtime: [realtime] })}/api/runs/1/events`, { signal: controller.signal });
    controller.abort();
    await waitFor(() => gone, { what: 'the call to end' });
  });

  it('breaks the reply off when the process dies in the middle of it', async () => {
    const realtime = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
      setImmediate(() => response.destroy());
    });
    const reply = await fetch(`${await front({ realtime: [realtime] })}/api/runs/1/events`);
    await expect(reply.text()).rejects.toThrow();
  });

  it('carries WebSockets', async () => {
    const server = createServer();
    new WebSocketServer({ server }).on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    const url = await front({ realtime: [await listen(server)] });
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`);
    await once(socket, 'open');
    socket.send('hello');
    const [data] = await once(socket, 'message');
    expect(String(data)).toBe('hello');
    socket.close();
    await once(socket, 'close');
  });

  it.each([
    ['no process is ready', async () => []],
    ['the process cannot be reached', async () => [`http://127.0.0.1:${await freePort()}`]],
  ])('answers an error with a trace ID where %s', async (_, addresses) => {
    const url = await front({ api: await addresses() });
    const traceId = 'a'.repeat(32);
    const reply = await fetch(url, { headers: { 'x-trace-id': traceId } });
    expect(reply.status).toBe(503);
    expect(errorResponse.parse(await reply.json()).error).toMatchObject({ code: 'too_busy', traceId });
  });

  it('refuses a WebSocket where no process is ready', async () => {
    const url = new URL(`${await front({})}/ws`);
    const upgrade = request(url, { headers: { connection: 'upgrade', upgrade: 'websocket' } }).end();
    const [reply] = await once(upgrade, 'response');
    expect(reply.statusCode).toBe(503);
  });
});
