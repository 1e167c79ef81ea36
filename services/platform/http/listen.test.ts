import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { errorResponse } from '#contract/errors.ts';
import { accepts, waitFor } from '#tests/servers/child.ts';
import { type Listening, listen } from './listen.ts';

const local = { host: '127.0.0.1', port: 0 };

async function serve(listener: RequestListener): Promise<{ server: Server; listening: Listening }> {
  const server = createServer(listener);
  return { server, listening: await listen(server, local) };
}

async function open(
  port: number,
  text: string,
): Promise<{ socket: Socket; received: () => string; ended: Promise<unknown> }> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString();
  });
  socket.on('error', () => {});
  const ended = once(socket, 'close');
  await once(socket, 'connect');
  socket.write(text);
  return { socket, received: () => received, ended };
}
const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

describe('an address that cannot be had', () => {
  it('is told with the setting that changes it', async () => {
    const other = createTcpServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const taken = (setting?: string) =>
      listen(createServer(), { host: '127.0.0.1', port, ...(setting && { setting }) });
    await expect(taken()).rejects.toThrow(`Port ${port} is in use: set PORT to another`);
    await expect(taken('OPS_PORT')).rejects.toThrow('set OPS_PORT');
    other.close();
  });

  it('is told where the host is not of this machine', async () => {
    await expect(listen(createServer(), { host: '192.0.2.1', port: 0 })).rejects.toThrow('192.0.2.1 is not an address');
  });
});

describe('closing', () => {
  it('takes no new connection and closes the idle ones at once', async () => {
    const { listening } = await serve((_req, res) => res.end('ok'));
    const { received, ended } = await open(listening.port, get);
    await waitFor(() => received().includes('ok'));
    expect(await listening.close(10_000)).toBe(0);
    await ended;
    expect(await accepts(listening.port)).toBe(false);
  });

  it('lets a reply under way finish, and its connection then end', async () => {
    const finish = Promise.withResolvers<void>();
    let arrived = false;
    const { listening } = await serve(async (_req, res) => {
      arrived = true;
      await finish.promise;
      res.end('whole');
    });
    const { received } = await open(listening.port, get);
    await waitFor(() => arrived);
    const closed = listening.close(10_000);
    finish.resolve();
    expect(await closed).toBe(0);
    await waitFor(() => received().endsWith('whole'));
  });

  it('tells a client that asks again on its connection not to use it any longer', async () => {
    const waiting: (() => void)[] = [];
    const { listening } = await serve((_req, res) => void waiting.push(() => res.end('ok')));
    const { socket, received, ended } = await open(listening.port, get);
    await waitFor(() => waiting.length === 1);
    const closed = listening.close(10_000);
    socket.write(get);
    await waitFor(() => waiting.length === 2);
    for (const answer of waiting) answer();
    expect(await closed).toBe(0);
    await ended;
    const [, first, second] = received().split('HTTP/1.1 200');
    expect(first).toContain('Connection: keep-alive');
    expect(second).toContain('Connection: close');
  });

  it('cuts what does not end within the grace, WebSockets too, and counts it', async () => {
    const { server, listening } = await serve((_req, res) => res.writeHead(200).write('for ever'));
    server.on('upgrade', (_req, socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
    const stream = await open(listening.port, get);
    const socket = await open(listening.port, `${get.trim()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    await waitFor(() => stream.received().includes('for ever') && socket.received().includes('101'));
    expect(await listening.close(30)).toBe(2);
    await Promise.all([stream.ended, socket.ended]);
  });

  it('may be asked for twice', async () => {
    const { listening } = await serve((_req, res) => res.end());
    expect(await Promise.all([listening.close(10), listening.close(10)])).toEqual([0, 0]);
  });
});

describe('what is not a request', () => {
  it.each([
    ['nonsense', 'NONSENSE\r\n\r\n', '400'],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`, '431'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', '400'],
  ])('is refused in the form of every error: %s', async (_what, text, status) => {
    const { listening } = await serve((_req, res) => res.end());
    const { received, ended } = await open(listening.port, text);
    await ended;
    const [head = '', body = ''] = received().split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status} `);
    const { error } = errorResponse.parse(JSON.parse(body));
    expect(head).toContain(`X-Trace-Id: ${error.traceId}`);
    await listening.close(1000);
  });

  it('does not spoil a reply that is under way', async () => {
    const { listening } = await serve((_req, res) => void res.writeHead(200).write('first'));
    const { socket, received, ended } = await open(listening.port, get);
    await waitFor(() => received().includes('first'));
    socket.write('NONSENSE\r\n\r\n');
    await ended;
    expect(received()).not.toContain('400');
    await listening.close(1000);
  });
});

it('sends small pieces without delay and lets a stream live as long as it likes', async () => {
  const { server, listening } = await serve((_req, res) => res.end());
  expect(server).toMatchObject({ timeout: 0, noDelay: true });
  expect(server.keepAliveTimeout).toBeGreaterThan(60_000);
  await listening.close(0);
});
