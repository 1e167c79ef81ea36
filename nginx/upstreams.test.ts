import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { freePort } from '#scripts/programs/free-port.ts';
import { waitFor } from '#tests/servers/child.ts';
import { type Edge, startEdge } from './edge.fixture.ts';
import { startNames } from './name-server.fixture.ts';
import { startEcho, startUpstream, type Upstream } from './upstream.fixture.ts';

const { nginx } = inject('programs');

/** A service that takes a request and dies over it; counts what it took. */
async function startDying(): Promise<{ address: string; taken: () => number; server: Server }> {
  let taken = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      taken++;
      socket.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('It has no port.');
  return { address: `127.0.0.1:${address.port}`, taken: () => taken, server };
}

describe.skipIf(!nginx)('services that come and go behind the edge', () => {
  const ends: Array<() => unknown> = [];
  const ending = <T>(what: T, end: (what: T) => unknown): T => {
    ends.push(() => end(what));
    return what;
  };
  const upstream = async (name: string): Promise<Upstream> => ending(await startEcho(name), (one) => one.close());
  const edgeTo = async (addresses: string, env: Record<string, string> = {}): Promise<Edge> =>
    ending(await startEdge(nginx ?? '', { env: { EDGE_API_UPSTREAM: addresses, ...env } }), (one) => one.stop());
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  const serviceOf = (body: string): unknown => JSON.parse(body).service;

  it.each(['GET', 'POST', 'PATCH', 'DELETE'])(
    'are asked in turn, and a %s goes on where one refuses connections',
    async (method) => {
      const [one, two] = [await upstream('one'), await upstream('two')];
      const refusing = await freePort();
      const edge = await edgeTo(`127.0.0.1:${refusing},${one.address},${two.address}`);
      const services: unknown[] = [];
      for (let index = 0; index < 12; index++) {
        const { status, body } = await edge.ask('/api/me', { method, body: '{}' });
        expect(status).toBe(200);
        services.push(serviceOf(body));
      }
      expect(new Set(services)).toEqual(new Set(['one', 'two']));
      expect(one.seen.length + two.seen.length).toBe(12);
    },
  );

  it.each(['POST', 'PATCH'])('get a %s that was sent once, though the one that took it died', async (method) => {
    const dying = ending(await startDying(), (one) => one.server.close());
    const living = await upstream('living');
    const edge = await edgeTo(`${dying.address},${living.address}`);
    const statuses: number[] = [];
    for (let index = 0; index < 10; index++) {
      const reply = await edge.ask('/api/conversations', { method, body: '{}' });
      statuses.push(reply.status);
      if (reply.status === 503) {
        expect(reply.headers['retry-after']).toBe('2');
        expect(JSON.parse(reply.body).error).toMatchObject({ code: 'too_busy', traceId: reply.headers['x-trace-id'] });
      }
    }
    const failed = statuses.filter((status) => status === 503).length;
    expect(failed).toBe(dying.taken());
    expect(failed).toBeGreaterThan(0);
    expect(living.seen.length).toBe(10 - failed);
  });

  it('get a GET again from another, where the one that took it died', async () => {
    const dying = ending(await startDying(), (one) => one.server.close());
    const living = await upstream('living');
    const edge = await edgeTo(`${dying.address},${living.address}`);
    for (let index = 0; index < 6; index++) expect((await edge.ask('/api/me')).status).toBe(200);
    expect(dying.taken()).toBeGreaterThan(0);
  });

  it('that are all away give 503 with when to come again, for HTTP, streams and sockets', async () => {
    const edge = await edgeTo(`127.0.0.1:${await freePort()}`, {
      EDGE_REALTIME_UPSTREAM: `127.0.0.1:${await freePort()}`,
    });
    for (const path of ['/api/me', '/api/chat/send', '/ws', '/docs', '/health']) {
      const { status, headers, body } = await edge.ask(path);
      expect([path, status, headers['retry-after'], headers['cache-control']]).toEqual([path, 503, '2', 'no-store']);
      expect(JSON.parse(body).error).toMatchObject({ code: 'too_busy', traceId: headers['x-trace-id'] });
    }
  });

  it('that are away are told of in the access log, and no log holds what was asked for', async () => {
    const edge = await edgeTo('127.0.0.1:9', { EDGE_REALTIME_UPSTREAM: `127.0.0.1:${await freePort()}` });
    expect((await edge.ask('/ws?ticket=secret')).status).toBe(503);
    const lines = await edge.logged('/ws');
    expect(lines).toMatchObject([
      { 'http.response.status_code': 503, 'upstream.status': '502', 'event.outcome': 'failure' },
    ]);
    await edge.stop();
    expect(edge.errors() + JSON.stringify(lines)).not.toContain('secret');
  });

  it('that say nothing in time give 503, and are not asked twice', async () => {
    const silent = ending(await startUpstream(() => undefined), (one) => one.close());
    const edge = ending(
      await startEdge(nginx ?? '', {
        env: { EDGE_API_UPSTREAM: `${silent.address},${silent.address}` },
        replace: [
          ['proxy_read_timeout 60s', 'proxy_read_timeout 300ms'],
          ['proxy_next_upstream_timeout 10s', 'proxy_next_upstream_timeout 50ms'],
        ],
      }),
      (one) => one.stop(),
    );
    expect((await edge.ask('/api/me')).status).toBe(503);
    expect(silent.seen.length).toBe(1);
  });

  it('that answer half and die are not passed off as whole', async () => {
    const half = ending(
      await startUpstream((_req, res) => {
        res.writeHead(200, { 'Content-Length': '100' });
        res.write('half', () => res.destroy());
      }),
      (one) => one.close(),
    );
    const edge = await edgeTo(half.address);
    await expect(edge.ask('/api/me')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('are found again by name: what was added gets requests, what is gone gets none', async () => {
    const port = await freePort();
    // All addresses of 127.0.0.0/8 are this machine's, so a name can stand for several on one port.
    const at = async (address: string) =>
      ending(await startUpstream((_req, res) => void res.end(address), port, address), (one) => one.close());
    const [first, second] = ['127.0.0.1', '127.0.0.2'];
    const one = await at(first);
    const names = ending(await startNames({ 'api.test': [first] }), (one) => one.close());
    const env = { EDGE_API_UPSTREAM: `api.test:${port}`, EDGE_RESOLVER: names.address };
    const edge = ending(await startEdge(nginx ?? '', { env, replace: [['valid=2s', 'valid=1s']] }), (one) =>
      one.stop(),
    );
    const path = '/api/conversations/a%20b?q=%2F';
    const ask = async () => (await edge.ask(path)).body;
    expect(await ask()).toBe(first);
    expect(one.seen.at(-1)?.url).toBe(path);
    await at(second);
    names.set('api.test', [first, second]);
    const seen = new Set<string>();
    await waitFor(async () => seen.add(await ask()).size === 2, { what: 'both to be asked' });
    names.set('api.test', [second]);
    let inRow = 0;
    await waitFor(
      async () => {
        inRow = (await ask()) === second ? inRow + 1 : 0;
        return inRow > 20;
      },
      { what: 'only the second to be asked' },
    );
    names.set('api.test', []);
    await waitFor(async () => (await edge.ask('/api/me')).status === 503, {
      what: 'a name without address to give 503',
    });
  });
});
