import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { routes } from '#contract/routes.ts';
import { corsExposedHeaders } from '#platform/http/cors-exposed-headers.ts';
import { apiHost, type Edge, mainHost, startEdge } from './edge.fixture.ts';
import { corsMethods, corsRequestHeaders } from './templates/cors.ts';
import { startEcho, type Upstream } from './upstream.fixture.ts';

const { nginx } = inject('programs');

const listed = [
  'https://www.example.com',
  'http://intranet.example.com:8080',
  'https://a.example.net',
  'https://a-1.example.net',
  'https://x.ports.example.net:8443',
  `http://${mainHost}`,
];
const unlisted = [
  'null',
  '*',
  'https://evil.com',
  'http://www.example.com',
  'https://www.example.com:444',
  'https://www.example.com.evil.com',
  'https://www.example.com/',
  'https://wwwXexample.com',
  'https://WWW.example.com',
  'HTTPS://www.example.com',
  ' https://evil.com',
  'https://evil.com https://www.example.com',
  'https://evil.com,https://www.example.com',
  'https://example.net',
  'https://.example.net',
  'https://a.b.example.net',
  'https://evil-example.net',
  'https://a.example.net.evil.com',
  'https://aXexample.net',
  'https://-a.example.net',
  'https://A.example.net',
  'http://a.example.net',
  'https://a.example.net:8443',
  'https://evil.com#.example.net',
  'https://evil.com/.example.net',
  'https://x.ports.example.net',
  `http://${mainHost}.evil.com`,
  `https://${mainHost}`,
  'file://',
  'chrome-extension://abcdef',
];

/** Where a reply comes from, and with which status: a service, whatever it says, or Nginx itself. */
const places = [
  ...[200, 201, 204, 304, 400, 401, 404, 409, 429, 500, 503].map((status) => ['/api/me', status] as const),
  ['/api/chat/send', 200],
  ['/api/chat/send', 503],
  ['/api/runs/1/events', 200],
  ['/health', 200],
  ['/docs', 200],
  ['/ws', 401],
  ['/api/away/%2f', 404],
  ['/metrics', 404],
] as const;

const corsHeadersOf = (headers: object): string[] =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

describe.skipIf(!nginx)('CORS at the edge', () => {
  let [api, realtime]: Upstream[] = [];
  let edge: Edge;
  beforeAll(async () => {
    [api, realtime] = await Promise.all([startEcho('api'), startEcho('realtime')]);
    edge = await startEdge(nginx ?? '', {
      env: {
        API_URL: `http://${apiHost}`,
        CORS_ORIGINS:
          'https://www.example.com, http://intranet.example.com:8080, https://*.example.net, https://*.ports.example.net:8443',
        EDGE_API_UPSTREAM: api?.address ?? '',
        EDGE_REALTIME_UPSTREAM: realtime?.address ?? '',
      },
    });
  });
  afterAll(async () => {
    await edge?.stop();
    await Promise.all([api?.close(), realtime?.close()]);
  });

  const hosts = [mainHost, apiHost];
  const methods = ['GET', 'POST', 'PATCH', 'DELETE'];

  it.each(listed)('lets pages of %s read every reply, whatever its status', async (origin) => {
    for (const host of hosts) {
      for (const [path, status] of places) {
        for (const method of methods) {
          const headers = { origin, 'x-answer-status': String(status) };
          const reply = await edge.ask(path, { host, method, headers });
          const where = `${method} ${host}${path} ${status}`;
          expect({ where, status: reply.status, ...reply.headers }).toMatchObject({
            where,
            status,
            'access-control-allow-origin': origin,
            'access-control-allow-credentials': 'true',
            'access-control-expose-headers': corsExposedHeaders.join(', '),
            vary: expect.stringMatching(/\bOrigin\b/),
          });
          expect(corsHeadersOf(reply.headers), where).toHaveLength(3);
        }
      }
    }
  });

  it.each(unlisted)('says nothing to pages of %s, whatever the services say', async (origin) => {
    for (const host of hosts) {
      for (const [path, status] of places) {
        const reply = await edge.ask(path, { host, headers: { origin, 'x-answer-status': String(status) } });
        const where = `${host}${path} ${status}`;
        expect({ where, status: reply.status, cors: corsHeadersOf(reply.headers) }).toEqual({
          where,
          status,
          cors: [],
        });
        expect(reply.headers.vary, where).toMatch(/\bOrigin\b/);
      }
      const preflight = await edge.ask('/api/me', {
        host,
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
      expect({ status: preflight.status, cors: corsHeadersOf(preflight.headers) }).toEqual({ status: 204, cors: [] });
      expect(preflight.headers.vary).toBe('Origin');
    }
  });

  it.each(listed)('answers the preflights of %s itself', async (origin) => {
    const before = (api?.seen.length ?? 0) + (realtime?.seen.length ?? 0);
    for (const host of hosts) {
      for (const [path] of places.filter(([path]) => path !== '/metrics' && !path.includes('%'))) {
        const reply = await edge.ask(path, {
          host,
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-evil' },
        });
        expect({ status: reply.status, body: reply.body, ...reply.headers }).toMatchObject({
          status: 204,
          body: '',
          'access-control-allow-origin': origin,
          'access-control-allow-credentials': 'true',
          'access-control-allow-methods': corsMethods.join(', '),
          'access-control-allow-headers': corsRequestHeaders.join(', '),
          'access-control-max-age': '600',
          vary: 'Origin',
        });
      }
    }
    expect((api?.seen.length ?? 0) + (realtime?.seen.length ?? 0)).toBe(before);
  });

  it('has every method of the contract, and every header that the web app sends', () => {
    for (const route of Object.values(routes)) expect(corsMethods).toContain(route.method.toUpperCase());
    const needed = ['Authorization', 'Content-Type', 'X-Trace-Id', 'traceparent', 'Last-Event-ID'];
    expect(corsRequestHeaders).toEqual(expect.arrayContaining(needed));
  });

  it('keeps what else a reply varies by, and names Origin once', async () => {
    const reply = await edge.ask('/api/me');
    expect(reply.headers.vary).toBe('Accept-Encoding, Accept-Language, Origin');
  });

  it('answers no request with two origins as if it were one', async () => {
    const reply = await edge.ask('/api/me', { headers: { origin: ['https://evil.com', 'https://www.example.com'] } });
    expect(corsHeadersOf(reply.headers)).toEqual([]);
  });
});

describe.skipIf(!nginx)('CORS where no origin is listed', () => {
  it('allows none, not even the own', async () => {
    const api = await startEcho('api');
    const edge = await startEdge(nginx ?? '', { env: { EDGE_API_UPSTREAM: api.address } });
    for (const origin of ['null', 'https://www.example.com', `http://${mainHost}`, '']) {
      for (const method of ['GET', 'OPTIONS']) {
        const reply = await edge.ask('/api/me', { method, headers: { origin } });
        expect(corsHeadersOf(reply.headers)).toEqual([]);
        expect(reply.headers.vary).toMatch(/\bOrigin\b/);
      }
    }
    await edge.stop();
    await api.close();
  });
});
