import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';
import { docsRoutes } from '#platform/http/docs-routes.ts';
import { type AttackedLamplight, bearer, startAttackedLamplight } from './attacked-lamplight.fixture.ts';
import { expectGuarded, expectHsts } from './guarded.fixture.ts';
import type { RawRequest } from './raw-http.fixture.ts';

let lamplight: AttackedLamplight;

beforeAll(async () => {
  lamplight = await startAttackedLamplight({ PUBLIC_URL: 'https://chat.lamplight.test' });
});
afterAll(() => lamplight?.stop());

const upgrade = [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'websocket'],
  ['Sec-WebSocket-Version', '13'],
  ['Sec-WebSocket-Key', 'AAAAAAAAAAAAAAAAAAAAAA=='],
] as const;

describe('the headers of every reply', () => {
  const all = Object.entries<Route>(routes);

  it.each(all)('guard it, and keep it out of every cache: %s', async (_name, route) => {
    const path = route.path.replace(/:\w+/g, 'none');
    const method = route.method.toUpperCase();
    const json = ['Content-Type', 'application/json'] as const;
    const who = bearer((await lamplight.newPerson('guest')).accessToken);
    const asked: readonly (readonly [string, RawRequest])[] = [
      ['nobody', { method, path }],
      ['a guest', { method, path, headers: [who] }],
      ['what is no JSON', { method, path, headers: [who, json], body: '{' }],
      ['an administrator', { method, path, headers: [bearer(await ofAdmin()), json], body: '{"text":"Good evening"}' }],
      ['another method', { method: 'PUT', path }],
      ['a preflight', { method: 'OPTIONS', path, headers: [['Origin', 'https://evil.example.net']] }],
    ];
    for (const [what, request] of asked) {
      const reply = await lamplight.raw(request);
      expectGuarded(reply, what);
      expectHsts(reply, what);
      // Of streams, nothing on the way may change or hold back a part.
      const stream = reply.headers['content-type']?.startsWith('text/event-stream');
      const kept = stream ? 'no-store, no-transform' : 'no-store';
      if (what !== 'a preflight') expect(reply.headers['cache-control'], `${what}: ${reply.status}`).toBe(kept);
    }
  });

  /** A session of its own for each route: some end it. */
  const ofAdmin = async () =>
    (await lamplight.signIn('admin@lamplight.test', 'the evening lamp of the tests')).accessToken;

  const pages: readonly (readonly [string, RawRequest, number])[] = [
    ['the page', { path: '/' }, 200],
    ['a place in the page', { path: '/c/1', headers: [['Accept', 'text/html']] }, 200],
    ['a file that is not there', { path: '/assets/none.js' }, 404],
    ['nothing', { path: '/<script>alert(1)</script>', headers: [['Accept', 'application/json']] }, 404],
    ['a broken address', { path: '/api/%E0%A4%A' }, 404],
    ['a socket of another site', { path: '/ws', headers: [...upgrade, ['Origin', 'https://evil.example.net']] }, 403],
    ['what is no socket', { path: '/ws' }, 404],
    ...docsRoutes.map((route) => [route, { path: route.replace('GET ', '') }, 200] as const),
  ];
  it.each(pages)('guard %s', async (what, request, status) => {
    const reply = await lamplight.raw(request);
    expect(reply.status).toBe(status);
    expectGuarded(reply, what);
    if (reply.headers['content-type']?.includes('html')) {
      expect(reply.text).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|\son\w+\s*=|javascript:/i);
    }
  });

  it.each([
    ['what is no HTTP', { method: 'NON SENSE', path: '/' }, 400],
    ['headers that are too long', { path: '/', headers: [['X-Long', 'x'.repeat(40_000)] as const] }, 431],
    [
      'a body that is too long',
      {
        method: 'POST',
        path: '/api/auth/guest',
        headers: [['Content-Type', 'application/json'] as const],
        body: `"${'x'.repeat(1_600_000)}"`,
      },
      413,
    ],
  ])('guard refusals of %s', async (what, request, status) => {
    const reply = await lamplight.raw(request);
    expect(reply.status).toBe(status);
    expectGuarded(reply, what);
    expect(reply.headers['cache-control']).toBe('no-store');
  });

  it('of the port for operators name no version either', async () => {
    for (const path of ['/metrics', '/livez', '/readyz', '/none']) {
      const { headers } = await fetch(lamplight.process.opsUrl + path);
      expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null]);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    }
  });
});
