import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { docsRoutes, serveDocs } from '#platform/http/docs-routes.ts';
import { securityHeaders } from '#platform/http/security-headers.ts';
import { apiHost, type Edge, mainHost, type Reply, startEdge } from './edge.fixture.ts';
import { startEcho, type Upstream } from './upstream.fixture.ts';

const { nginx } = inject('programs');

const guarded = [
  'content-security-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'origin-agent-cluster',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-frame-options',
];

const securityOf = (headers: Reply['headers']) =>
  Object.fromEntries(guarded.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])));

/** What the services say themselves, asked of the real middleware. */
async function saidByServices(path: string, https: boolean): Promise<Record<string, string>> {
  const app = express();
  app.use(securityHeaders({ https }));
  app.use((_req, res, next) => {
    res.locals['record'] = {};
    next();
  });
  if (path !== '/') serveDocs(app, { version: '0', serverUrl: 'https://api.example.org' });
  else app.get('/', (_req, res) => void res.send('page'));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const reply = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  await reply.text();
  server.close();
  return securityOf(Object.fromEntries(reply.headers));
}

const oneSpace = (headers: Record<string, string>) => ({
  ...headers,
  'content-security-policy': headers['content-security-policy']?.replaceAll('; ', ';'),
});

/** The ways to a reply of each location, by its path in the configuration. */
type Way = readonly [path: string, status: number, method?: string];
const waysTo: Readonly<Record<string, readonly Way[]>> = {
  '^~ /.well-known/acme-challenge/': [['/.well-known/acme-challenge/none', 404]],
  '^~ /api/': [200, 201, 204, 304, 400, 401, 403, 404, 409, 413, 429, 500, 502, 503].map(
    (status): Way => ['/api/me', status],
  ),
  '= /api': [['/api', 200]],
  '^~ /api/auth/': [['/api/auth/guest', 200]],
  '= /api/me/export': [['/api/me/export', 200]],
  '= /api/analytics/export': [['/api/analytics/export', 200]],
  '= /api/characters': [['/api/characters', 201]],
  '^~ /api/characters/': [['/api/characters/1', 404]],
  '= /api/files': [['/api/files', 201]],
  '^~ /api/files/': [['/api/files/1', 404]],
  '= /api/chat': [['/api/chat', 404]],
  '^~ /api/chat/': [
    ['/api/chat/send', 200],
    ['/api/chat/send', 503],
  ],
  '= /api/chat/send-simple': [['/api/chat/send-simple', 200]],
  '= /api/runs': [['/api/runs', 404]],
  '^~ /api/runs/': [['/api/runs/1/events', 200]],
  '= /ws': [['/ws', 401]],
  '^~ /ws/': [['/ws/x', 404]],
  '= /docs': [['/docs', 200]],
  '^~ /docs/': [['/docs/start.js', 200]],
  '= /health': [['/health', 200]],
  '= /settings.js': [['/settings.js', 200]],
  '^~ /assets/': [
    ['/assets/index-abc123.js', 200],
    ['/assets/none.js', 404],
    ['/assets/', 404],
    ['/assets/index-abc123.js', 405, 'POST'],
  ],
  '/': [
    ['/', 200],
    ['/favicon.svg', 200],
    ['/none.js', 404],
    ['/', 405, 'POST'],
    ['/', 405, 'TRACE'],
    ['/', 204, 'OPTIONS'],
  ],
  '@guards': [
    ['/api/..%2fme', 404],
    ['/.env', 404],
    ['/assets/.htpasswd', 404],
    ['/metrics', 404],
    ['/grafana/login', 404],
  ],
};
const shown = Object.keys(waysTo).filter((path) => !path.startsWith('@'));

describe.skipIf(!nginx)('the security headers of the edge', () => {
  let upstream: Upstream;
  let edge: Edge;
  beforeAll(async () => {
    upstream = await startEcho('api');
    edge = await startEdge(nginx ?? '', {
      env: {
        PUBLIC_URL: `https://${mainHost}`,
        EDGE_API_UPSTREAM: upstream.address,
        EDGE_REALTIME_UPSTREAM: upstream.address,
      },
    });
  });
  afterAll(async () => {
    await edge?.stop();
    await upstream?.close();
  });

  it('are those of the services, for the page', async () => {
    const { headers } = await edge.ask('/', { headers: { accept: 'text/html' } });
    expect(securityOf(headers)).toEqual(await saidByServices('/', true));
  });

  it.each(docsRoutes.map((route) => route.replace('GET ', '')))('are those of the services, for %s', async (path) => {
    const { headers } = await edge.ask(path);
    expect(oneSpace(securityOf(headers))).toEqual(oneSpace(await saidByServices(path, true)));
  });

  it('are walked below through every location that there is', async () => {
    const files = ['servers.conf', 'api-locations.conf', 'web-locations.conf'];
    const texts = await Promise.all(files.map((file) => readFile(join(edge.folder, 'nginx', file), 'utf8')));
    const found = texts.join('\n').matchAll(/^\s*location (.+) \{$/gm);
    const paths = new Set([...found].map(([, path]) => path).filter((path) => !/edge-(health|error)/.test(path ?? '')));
    expect([...paths].sort()).toEqual([...shown].sort());
  });

  const cases = Object.entries(waysTo).flatMap(([location, ways]) =>
    ways.map(([path, status, method = 'GET']) => ({ location, path, status, method })),
  );

  it.each(cases)(
    'are on the replies of location $location: $method $path $status',
    async ({ path, status, method }) => {
      const headers = { 'x-answer-status': String(status), accept: '*/*' };
      const reply = await edge.ask(path, { method, headers });
      expect(reply.status).toBe(status);
      const expected = await saidByServices(path.startsWith('/docs') ? '/docs' : '/', true);
      expect(oneSpace(securityOf(reply.headers))).toEqual(oneSpace(expected));
      expect(reply.headers['x-trace-id']).toMatch(/^[0-9a-f]{32}$/);
      expect(Object.keys(reply.headers)).not.toEqual(expect.arrayContaining(['server']));
      expect(reply.headers['x-powered-by']).toBeUndefined();
    },
  );

  it('are on refusals of what never became a request, and of other hosts', async () => {
    for (const bytes of [
      'nonsense\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      `GET /${'a'.repeat(9000)} HTTP/1.1\r\nHost: ${mainHost}\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${mainHost}\r\nX-Long: ${'a'.repeat(9000)}\r\n\r\n`,
      'GET / HTTP/1.1\r\nHost: evil.example.net\r\nConnection: close\r\n\r\n',
    ]) {
      const reply = await edge.raw(bytes);
      for (const name of guarded) expect(reply.toLowerCase(), bytes.slice(0, 40)).toContain(`\r\n${name}: `);
    }
  });
});

describe.skipIf(!nginx)('the security headers where there is an API host', () => {
  it('let the page connect to it, by HTTP and WebSocket, show its files, and nothing else', async () => {
    const edge = await startEdge(nginx ?? '', {
      env: { PUBLIC_URL: `https://${mainHost}`, API_URL: `https://${apiHost}` },
    });
    const { headers } = await edge.ask('/', { headers: { accept: 'text/html' } });
    const policy = String(headers['content-security-policy']).split(';');
    expect(policy).toContain(`connect-src 'self' https://${apiHost} wss://${apiHost}`);
    expect(policy).toContain(`img-src 'self' https://${apiHost} data: blob:`);
    expect(policy).toContain(`media-src 'self' https://${apiHost} blob:`);
    const said = (await saidByServices('/', true))['content-security-policy']?.split(';') ?? [];
    const others = (parts: readonly string[]) => parts.filter((part) => !/^(connect|img|media)-src/.test(part));
    expect(others(policy)).toEqual(others(said));
    const policyOf = async (host: string) =>
      (await edge.ask('/api/none', { host })).headers['cross-origin-resource-policy'];
    expect([await policyOf(mainHost), await policyOf(apiHost)]).toEqual(['same-origin', 'same-site']);
    await edge.stop();
  });

  it('say nothing of HTTPS where people come by HTTP', async () => {
    const edge = await startEdge(nginx ?? '');
    const { headers } = await edge.ask('/', { headers: { accept: 'text/html' } });
    expect(securityOf(headers)).toEqual(await saidByServices('/', false));
    await edge.stop();
  });
});
