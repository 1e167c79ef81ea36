import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { apiHost, type Edge, mainHost, startEdge } from './edge.fixture.ts';
import { startUpstream, type Upstream } from './upstream.fixture.ts';

const { nginx } = inject('programs');
const listed = 'https://www.example.org';
const cookies = [
  '__Host-lamplight=token.1.proof; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=2592000',
  '__Host-lamplight-openid=state; Path=/; HttpOnly; Secure; SameSite=Lax',
];
const provider = 'https://login.example.org/authorize?redirect_uri=https%3A%2F%2Fchat.example.org%2Fapi';
/** Longer than what the edge waits for other replies here. */
const slowMs = 900;
const waitsMs = 300;

/** As the services answer where somebody signs in: what is said there is for one person, and for once. */
async function startAccounts(): Promise<Upstream> {
  return startUpstream(async (req, res) => {
    const url = req.url ?? '';
    const always = { 'Cache-Control': 'no-store', 'Set-Cookie': cookies };
    if (/export|slow/.test(url)) await pause(slowMs);
    if (url.includes('/oidc/')) res.writeHead(302, { ...always, Location: provider }).end();
    else if (url.includes('/export'))
      res
        .writeHead(200, { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename=a' })
        .end('a,b\r\n');
    else
      res
        .writeHead(201, {
          ...always,
          'Content-Type': 'application/json',
          'RateLimit-Limit': '20',
          'RateLimit-Reset': '9',
        })
        .end(JSON.stringify({ access_token: 'a', headers: req.headers }));
  });
}

describe.skipIf(!nginx)('signing in through the edge', () => {
  let api: Upstream;
  let edge: Edge;
  beforeAll(async () => {
    api = await startAccounts();
    edge = await startEdge(nginx ?? '', {
      env: {
        PUBLIC_URL: `https://${mainHost}`,
        API_URL: `https://${apiHost}`,
        CORS_ORIGINS: listed,
        EDGE_API_UPSTREAM: api.address,
      },
      replace: [['proxy_read_timeout 60s', `proxy_read_timeout ${waitsMs}ms`]],
    });
  });
  afterAll(async () => {
    await edge?.stop();
    await api?.close();
  });

  it.each([mainHost, apiHost])('gives the cookies of a service as they are, never to be kept: %s', async (host) => {
    const { status, headers } = await edge.ask('/api/auth/token', { host, method: 'POST', body: '{}' });
    expect(status).toBe(201);
    expect(headers['set-cookie']).toEqual(cookies);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  });

  it('sends a service the cookie and all by which it tells a foreign page', async () => {
    const said = {
      cookie: '__Host-lamplight=token.1.proof; other=1',
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'cors',
    };
    const { body } = await edge.ask('/api/auth/refresh', { method: 'POST', body: '{}', headers: said });
    expect(JSON.parse(body).headers).toMatchObject({ ...said, 'x-forwarded-for': '127.0.0.1' });
  });

  it('lets pages of listed origins sign in with cookies, and read what is left', async () => {
    const reply = await edge.ask('/api/auth/token', { method: 'POST', body: '{}', headers: { origin: listed } });
    expect(reply.headers).toMatchObject({
      'access-control-allow-origin': listed,
      'access-control-allow-credentials': 'true',
      'ratelimit-limit': '20',
      'ratelimit-reset': '9',
    });
    expect(String(reply.headers['access-control-expose-headers']).split(', ')).toEqual(
      expect.arrayContaining(['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', 'Content-Disposition']),
    );
    const foreign = { method: 'POST', body: '{}', headers: { origin: 'https://evil.example' } };
    expect((await edge.ask('/api/auth/token', foreign)).headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each(['/api/auth/oidc/start', '/api/auth/oidc/callback?code=secret-code&state=secret-state'])(
    'leads through an OpenID provider: %s',
    async (path) => {
      const { status, headers } = await edge.ask(path, { headers: { accept: 'text/html' } });
      expect([status, headers.location, headers['set-cookie']]).toEqual([302, provider, cookies]);
      const [plain = ''] = path.split('?');
      expect(JSON.stringify(await edge.logged(plain))).not.toContain('secret');
    },
  );

  it.each(['/api/me/export', '/api/analytics/export?what=people'])('waits for %s as long as it takes', async (path) => {
    const reply = await edge.ask(path);
    expect([reply.status, reply.body, reply.headers['content-disposition']]).toEqual([
      200,
      'a,b\r\n',
      'attachment; filename=a',
    ]);
    // What is not an export is given up after that time here.
    expect((await edge.ask('/api/slow')).status).toBe(503);
  });
});
