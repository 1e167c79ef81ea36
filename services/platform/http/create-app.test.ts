import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { routes } from '#contract/routes.ts';
import { storeUnavailable } from '#platform/errors.ts';
import { currentTrace } from '#platform/telemetry/trace.ts';
import { waitFor } from '#tests/servers/child.ts';
import { listRoutes, routeName } from './create-app.ts';
import { createTestApp } from './test-app.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const me = {
  id: 'ada',
  name: 'Ada',
  role: 'guest',
  timeZone: 'UTC',
  language: 'en',
  storyMails: true,
  hasPassword: false,
  createdAt: '2029-01-01T00:00:00.000Z',
  expiresAt: '2030-01-01T00:00:00.000Z',
} as const;
const token = { access_token: 't', token_type: 'Bearer', expires_in: 3600 } as const;

function appWithMe() {
  const app = createTestApp();
  app.mount(routes.getMe, () => me);
  app.finish();
  return app;
}
const ask = (app: { express: Parameters<typeof supertest>[0] }, path = '/api/me') =>
  supertest(app.express).get(path).set('Authorization', 'Bearer token-ada');

describe('the trace of a request', () => {
  it('is new where none comes, and goes out on every reply', async () => {
    const app = appWithMe();
    for (const path of ['/api/me', '/api/nope', '/nope', '/api/%E0%A4%A']) {
      const { headers } = await ask(app, path);
      expect(headers['x-trace-id'], path).toMatch(/^[0-9a-f]{32}$/);
    }
    const refused = await supertest(app.express).get('/api/me').expect(401);
    expect(refused.body.error.traceId).toBe(refused.headers['x-trace-id']);
    const preflight = await supertest(app.express).options('/api/me').expect(204);
    expect(preflight.headers['x-trace-id']).toMatch(/^[0-9a-f]{32}$/);
  });

  it("is the caller's: its traceparent first, then its X-Trace-Id", async () => {
    const app = appWithMe();
    const other = 'b'.repeat(32);
    const { headers } = await ask(app).set('traceparent', `00-${traceId}-b7ad6b7169203331-01`).set('X-Trace-Id', other);
    expect(headers['x-trace-id']).toBe(traceId);
    expect((await ask(app).set('X-Trace-Id', other)).headers['x-trace-id']).toBe(other);
  });

  it.each(['', 'x', '0'.repeat(32), traceId.toUpperCase(), `${traceId}<script>`, 'a'.repeat(5000)])(
    'refuses the malformed X-Trace-Id %j',
    async (given) => {
      const { headers } = await ask(appWithMe()).set('X-Trace-Id', given);
      expect(headers['x-trace-id']).toMatch(/^[0-9a-f]{32}$/);
      expect(headers['x-trace-id']).not.toBe(given);
    },
  );

  it('is around the handler, also after the body was read', async () => {
    const app = createTestApp();
    let seen: string | undefined;
    app.mount(routes.createGuest, async () => {
      await new Promise(setImmediate);
      seen = currentTrace()?.traceId;
      return token;
    });
    app.finish();
    await supertest(app.express).post('/api/auth/guest').set('X-Trace-Id', traceId).send({ name: 'Ada' }).expect(201);
    expect(seen).toBe(traceId);
  });
});

describe('the request log', () => {
  it('has one line at info with the template, the path without its query, the person and the duration', async () => {
    const app = appWithMe();
    const { headers } = await ask(app, '/api/me?secret=1').set('User-Agent', 'tests').expect(200);
    await waitFor(() => app.lines.length > 0);
    const [line, ...more] = app.lines;
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      level: 'info',
      traceId: headers['x-trace-id'],
      fields: {
        'event.action': 'http_request',
        'event.outcome': 'success',
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'http.route': '/api/me',
        'url.path': '/api/me',
        'user.id': 'ada',
        'user_agent.original': 'tests',
        'http.response.body.bytes': Number(headers['content-length']),
      },
    });
    expect(line?.fields['event.duration']).toBeGreaterThan(1000);
    expect(JSON.stringify(app.lines)).not.toContain('secret');
  });

  it('names the code of an error', async () => {
    const app = appWithMe();
    await supertest(app.express).get('/api/me').expect(401);
    await waitFor(() => app.lines.length > 0);
    expect(app.lines).toMatchObject([{ level: 'info', fields: { 'error.code': 'unauthenticated' } }]);
  });

  it('keeps health checks at debug, unless they fail', async () => {
    const app = createTestApp();
    let fails = false;
    app.mount(routes.health, () => {
      if (fails) throw storeUnavailable(new Error('gone'));
      return { status: 'ok', service: 's', version: '1', dependencies: {} } as const;
    });
    app.finish();
    await supertest(app.express).get('/health').expect(200);
    await waitFor(() => app.lines.length === 1);
    expect(app.lines[0]?.level).toBe('debug');
    fails = true;
    await supertest(app.express).get('/health').expect(503);
    await waitFor(() => app.lines.length === 3);
    expect(app.lines.map(({ level }) => level)).toEqual(['debug', 'warn', 'info']);
  });
});

describe('the histogram', () => {
  it('knows templates only', async () => {
    const app = createTestApp();
    app.mount(routes.deleteConversation, () => undefined);
    app.finish();
    await supertest(app.express).delete('/api/conversations/c1').set('Authorization', 'Bearer token-ada').expect(204);
    await supertest(app.express).get('/api/conversations/c2').expect(404);
    await supertest(app.express).propfind('/x').expect(404);
    await waitFor(() => app.observations.length === 3);
    expect(app.observations.map(({ seconds, ...labels }) => labels)).toEqual([
      { method: 'DELETE', route: '/api/conversations/:id', status: '204' },
      { method: 'GET', route: 'unmatched', status: '404' },
      { method: 'OTHER', route: 'unmatched', status: '404' },
    ]);
    for (const { seconds } of app.observations) expect(seconds).toBeLessThan(5);
  });
});

describe('an app', () => {
  it('lists what it serves, whoever registered it', () => {
    const app = createTestApp();
    app.mount(routes.getMe, () => me);
    app.mount(routes.deleteConversation, () => undefined);
    app.express.get('/by-hand', (_req, res) => void res.end());
    expect(listRoutes(app.express)).toEqual(['GET /api/me', 'DELETE /api/conversations/:id', 'GET /by-hand']);
    expect(routeName(routes.getMe)).toBe('GET /api/me');
  });

  it('refuses to serve a route twice', () => {
    const app = createTestApp();
    app.mount(routes.getMe, () => me);
    expect(() => app.mount(routes.getMe, () => me)).toThrow('GET /api/me is mounted twice');
  });

  it('answers an unknown address with a JSON 404 that names it', async () => {
    const { body } = await supertest(appWithMe().express).get('/api/nope?x=1').expect(404);
    expect(body.error).toEqual({
      code: 'not_found',
      message: 'There is nothing at GET /api/nope.',
      traceId: expect.any(String),
    });
  });
});

describe('the security headers', () => {
  it('let a page load from its own origin alone', async () => {
    const { headers } = await ask(appWithMe());
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['cache-control']).toBe('no-store');
  });

  it('speak of TLS only where there is TLS', async () => {
    const plain = await ask(appWithMe());
    expect(plain.headers['strict-transport-security']).toBeUndefined();
    expect(plain.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
    const secure = createTestApp({ https: true });
    secure.finish();
    const { headers } = await supertest(secure.express).get('/');
    expect(headers['strict-transport-security']).toContain('max-age=');
    expect(headers['content-security-policy']).toContain('upgrade-insecure-requests');
  });
});
