import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeCodes, maxFrameBytes } from '#contract/socket.ts';
import type { Clock } from '#platform/clock.ts';
import { listen } from '#platform/http/listen.ts';
import { directive } from '#tests/model-server/directive.ts';
import { Freezable, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import { type TestClient, TestSocket } from '#tests/servers/test-client.ts';
import { heartbeatEveryMs } from './open-streams.ts';
import { acceptSockets, isForSocket } from './socket-server.ts';

describe('sockets at their limits', () => {
  let app: TestChat;
  let server: TestServer;
  let ada: TestClient;
  const start = async (clock?: Clock) => {
    app = await createTestChat(clock ? { clock } : {});
    server = await app.openTestServer();
    ada = await server.client();
  };
  beforeEach(() => start());
  afterEach(() => app.close());

  const address = (ticket: string) => `${server.url}/ws?ticket=${ticket}`;
  const gauge = async (name: string) => {
    const { body } = await app.foundation.telemetry.metrics.expose();
    return Number(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'm').exec(body)?.[1]);
  };

  it.each(['', 'none', '__proto__', '%00', 'a'.repeat(5_000)])(
    'close one that comes with the ticket %j',
    async (ticket) => {
      expect(await new TestSocket(address(ticket)).closed).toBe(closeCodes.policy);
    },
  );

  it('turn away one too many, and take the next when there is room again', async () => {
    const full = createServer({ shouldUpgradeCallback: isForSocket });
    acceptSockets(full, server.realtime, 1);
    const { port, close } = await listen(full, { host: '127.0.0.1', port: 0 });
    const open = async () => new TestSocket(`http://127.0.0.1:${port}/ws?ticket=${await ada.ticket()}`);
    const first = await open();
    await first.frame('ready');
    expect(await (await open()).closed).toBe(closeCodes.tooBusy);
    await first.close();
    await waitFor(async () => (await gauge('lamplight_websocket_connections')) === 0);
    await (await open()).frame('ready');
    await close(0);
  });

  it('close one that comes without a ticket', async () => {
    expect(await new TestSocket(`${server.url}/ws`).closed).toBe(closeCodes.policy);
    await waitFor(async () => (await gauge('lamplight_websocket_connections')) === 0);
  });

  it('open one socket a ticket, also where two come at once', async () => {
    const ticket = await ada.ticket();
    const sockets = [new TestSocket(address(ticket)), new TestSocket(address(ticket))];
    const code = await Promise.race(sockets.map(({ closed }) => closed));
    expect(code).toBe(closeCodes.policy);
    await waitFor(() => sockets.some(({ frames }) => frames.length === 1));
    expect(sockets.map(({ frames }) => frames.length).sort()).toEqual([0, 1]);
    expect(await new TestSocket(address(ticket)).closed).toBe(closeCodes.policy);
  });

  it('close when their session ends, by a broadcast or at the next frame', async () => {
    const sockets = [await ada.socket(), await ada.socket()];
    const stranger = await (await server.client('Eve')).socket();
    await ada.call('POST', '/api/auth/logout');
    for (const socket of sockets) expect(await socket.closed).toBe(closeCodes.policy);
    stranger.send({ type: 'ping' });
    await stranger.frame('pong');
  });

  it('refuse a ticket whose session has ended', async () => {
    const ticket = await ada.ticket();
    await ada.call('POST', '/api/auth/logout');
    expect(await new TestSocket(address(ticket)).closed).toBe(closeCodes.policy);
  });

  it('ask a client to come again where the store is away', async () => {
    const ticket = await ada.ticket();
    await app.foundation.store.close();
    expect(await new TestSocket(address(ticket)).closed).toBe(closeCodes.tooBusy);
  });

  it('close at a frame that is too large', async () => {
    const socket = await ada.socket();
    socket.send('a'.repeat(maxFrameBytes + 1));
    expect(await socket.closed).toBe(closeCodes.tooLarge);
    const other = await ada.socket();
    other.send('a'.repeat(maxFrameBytes));
    expect((await other.frame('error')).code).toBe('invalid_frame');
  });

  it('close for their clients to connect elsewhere when the process stops, new ones too', async () => {
    const [socket, ticket] = [await ada.socket(), await ada.ticket()];
    const gate = Promise.withResolvers<void>();
    app.foundation.lifecycle.add('slow', { drain: () => gate.promise });
    const stopped = app.foundation.lifecycle.stop();
    expect(await new TestSocket(address(ticket)).closed).toBe(closeCodes.restart);
    gate.resolve();
    expect(await socket.closed).toBe(closeCodes.restart);
    await stopped;
  });

  it('refuse a message while the process stops', async () => {
    const gate = Promise.withResolvers<void>();
    app.foundation.lifecycle.add('slow', { drain: () => gate.promise });
    const socket = await ada.socket();
    const stopped = app.foundation.lifecycle.stop();
    socket.send({ type: 'send', text: 'Hi', ref: 'a' });
    expect(await socket.frame('error')).toMatchObject({ code: 'draining', ref: 'a' });
    for (const path of ['/api/chat/send', '/api/chat/send-simple']) {
      const { status, error, headers } = await ada.call('POST', path, { text: 'Hi' });
      expect([status, error.code, headers.get('retry-after')]).toEqual([503, 'draining', '1']);
    }
    gate.resolve();
    await stopped;
  });

  it('follow 50 answers, and say so at the next', async () => {
    app.startWorker();
    const socket = await ada.socket();
    const endless = directive({ tokens: 100_000, tokensPerSecond: 1 });
    for (let index = 0; index < 51; index += 1) socket.send({ type: 'send', text: endless, ref: `${index}` });
    expect(await socket.frame('error')).toMatchObject({ code: 'too_many_subscriptions', ref: '50' });
    const [first, second] = socket.frames.flatMap((frame) => (frame.type === 'run' ? [frame.runId] : []));
    socket.send({ type: 'subscribe', runId: first ?? '', ref: 'again' });
    await socket.frame('run', ({ ref }) => ref === 'again');
    socket.send({ type: 'unsubscribe', runId: second ?? '' });
    socket.send({ type: 'send', text: 'Hi', ref: 'room' });
    await socket.frame('run', ({ ref }) => ref === 'room');
  });

  it('cut off a peer that answers no heartbeat, and keep one that does', async () => {
    await app.close();
    const time = new VirtualTime();
    await start(new Freezable(time).clock(0));
    const [dead, alive] = [await ada.socket(), await ada.socket()];
    dead.ws.pause();
    const pinged = once(alive.ws, 'ping');
    await time.advance(heartbeatEveryMs);
    await pinged;
    expect(server.realtime.streams.count).toBe(2);
    alive.send({ type: 'ping' });
    await alive.frame('pong');
    await time.advance(heartbeatEveryMs);
    await waitFor(() => server.realtime.streams.count === 1, { what: 'the dead peer to be cut off' });
    dead.ws.resume();
    expect(await dead.closed).toBe(1006);
  });

  it('cut off a peer that does not answer the closing', async () => {
    await app.close();
    const time = new VirtualTime();
    await start(new Freezable(time).clock(0));
    const deaf = await ada.socket();
    deaf.ws.pause();
    await ada.call('POST', '/api/auth/logout');
    await time.advance(2_000);
    await waitFor(() => server.realtime.streams.count === 0, { what: 'the deaf peer to be cut off' });
  });

  it('leave every other upgrade to the app, which answers as if none were asked for', async () => {
    const get = async (path: string, headers: Record<string, string>) => {
      const asked = request(`${server.url}${path}`, { headers: { connection: 'Upgrade', ...headers } }).end();
      const [response] = await once(asked, 'response');
      response.resume();
      return [response.statusCode, /^[0-9a-f]{32}$/.test(response.headers['x-trace-id'])];
    };
    expect(await get('/health', { upgrade: 'h2c' })).toEqual([200, true]);
    expect(await get('/ws', { upgrade: 'h2c' })).toEqual([404, true]);
    expect(await get('/elsewhere', { upgrade: 'websocket' })).toEqual([404, true]);
    expect(await get('/ws', {})).toEqual([404, true]);
  });

  it('survive clients that go away in the middle of an upgrade', async () => {
    for (const path of ['/ws', '/ws?ticket=x', '/elsewhere', '/ws/']) {
      for (let round = 0; round < 5; round += 1) {
        const socket = connect(server.port, '127.0.0.1');
        await once(socket, 'connect');
        socket.write(upgrade(path));
        socket.resetAndDestroy();
      }
    }
    expect((await ada.call('GET', '/health')).status).toBe(200);
  });
});

const upgrade = (path: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');
