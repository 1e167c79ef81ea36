import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { me, tokenResponse } from '#contract/accounts.ts';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';
import { mailsTo, tokenIn } from '#tests/servers/outbox.ts';
import { TestClient } from '#tests/servers/test-client.ts';
import {
  type AttackedLamplight,
  password,
  type Somebody,
  startAttackedLamplight,
} from './attacked-lamplight.fixture.ts';
import type { RawReply, RawRequest } from './raw-http.fixture.ts';

type Headers = ReadonlyArray<readonly [string, string]>;
const publicUrl = 'https://chat.lamplight.test';
const listed = 'https://app.elsewhere.test';
const all = Object.entries<Route>(routes);
const withCookie = all.filter(([, { cookie }]) => cookie);
const cookieNames = withCookie.map(([name]) => name).sort();
const own: Headers = [
  ['Origin', publicUrl],
  ['Sec-Fetch-Site', 'same-origin'],
];
const foreign: ReadonlyArray<readonly [string, Headers]> = [
  [
    'another site',
    [
      ['Origin', 'https://evil.test'],
      ['Sec-Fetch-Site', 'cross-site'],
    ],
  ],
  ['another site, in a browser without fetch metadata', [['Origin', 'https://evil.test']]],
  ['a sandboxed frame', [['Origin', 'null']]],
  [
    'a sandboxed frame of our own',
    [
      ['Origin', 'null'],
      ['Sec-Fetch-Site', 'same-origin'],
    ],
  ],
  [
    'a neighbouring host',
    [
      ['Origin', 'https://evil.lamplight.test'],
      ['Sec-Fetch-Site', 'same-site'],
    ],
  ],
  [
    'a host below ours',
    [
      ['Origin', 'https://evil.chat.lamplight.test'],
      ['Sec-Fetch-Site', 'same-site'],
    ],
  ],
  ['a neighbouring host that hides its origin', [['Sec-Fetch-Site', 'same-site']]],
  [
    'our host without TLS',
    [
      ['Origin', 'http://chat.lamplight.test'],
      ['Sec-Fetch-Site', 'cross-site'],
    ],
  ],
  ['another site that hides its origin', [['Sec-Fetch-Site', 'cross-site']]],
  [
    'a site of an unknown kind',
    [
      ['Origin', publicUrl],
      ['Sec-Fetch-Site', 'cross-origin'],
    ],
  ],
  [
    'a link from another site',
    [
      ['Sec-Fetch-Site', 'cross-site'],
      ['Sec-Fetch-Mode', 'navigate'],
    ],
  ],
  [
    'another site that names ours as the one it came from',
    [
      ['Origin', 'https://evil.test'],
      ['Referer', publicUrl],
    ],
  ],
];

describe('a page of another site, in the browser of somebody who is signed in', () => {
  let lamplight: AttackedLamplight;
  let ada: Somebody;
  beforeAll(async () => {
    const env = { PUBLIC_URL: publicUrl, CORS_ORIGINS: listed, REGISTRATION: 'open', GUESTS: 'on' };
    lamplight = await startAttackedLamplight(env);
    ada = await lamplight.newPerson('user', 'Ada');
  });
  afterAll(() => lamplight?.stop());

  let people = 0;
  const newAddress = () => `person-${++people}@lamplight.test`;
  const linkTo = async (email: string) => {
    const [mail] = await mailsTo(lamplight.outbox, email);
    if (!mail) throw new Error(`There is no mail to ${email}.`);
    return tokenIn(mail);
  };
  /** What each route with a cookie takes, once. */
  const bodies: Readonly<Record<string, () => Promise<object> | object>> = {
    createGuest: () => ({ name: 'Eve' }),
    createToken: () => ({ username: ada.email, password }),
    refreshToken: () => ({}),
    verifyEmail: async () => {
      const email = newAddress();
      await lamplight.post('/api/auth/register', { email, name: 'Eve', password });
      return { token: await linkTo(email), password };
    },
    resetPassword: async () => {
      const { email = '' } = await lamplight.newPerson('user');
      await lamplight.post('/api/auth/forgot', { email });
      const mails = await mailsTo(lamplight.outbox, email, 2);
      const reset = mails.find(({ text }) => text?.includes('/reset#'));
      return { token: reset && tokenIn(reset), password: 'another quiet evening' };
    },
    acceptInvitation: async () => {
      const email = newAddress();
      await lamplight.admin.client.call('POST', '/api/admin/invitations', { email, role: 'user' });
      return { token: await linkTo(email), name: 'Eve', password };
    },
  };
  const cookieOf = (token: string) => ['Cookie', `__Host-lamplight=${token}`] as const;
  const send = (route: Route, headers: Headers, body: RawRequest['body']) =>
    lamplight.raw({
      method: route.method.toUpperCase(),
      path: route.path,
      headers,
      ...(body !== undefined && { body }),
    });
  const json = ['Content-Type', 'application/json'] as const;
  const saidBy = ({ status, code, headers }: RawReply) => [status, code, headers['set-cookie']];

  it('is tried on every route that gives or takes the cookie', () => {
    expect(cookieNames).toEqual(Object.keys(bodies).sort());
  });

  it.each(withCookie)('gets nothing out of %s, and uses nothing up', async (name, route) => {
    const { refreshToken } = await lamplight.signIn(ada.email ?? '');
    const body = JSON.stringify(await bodies[name]?.());
    const cookie = cookieOf(refreshToken);
    for (const [who, headers] of foreign) {
      const reply = await send(route, [cookie, json, ...headers], body);
      expect([who, ...saidBy(reply)]).toEqual([who, 403, 'forbidden', undefined]);
      expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    }
    const served = await send(route, [cookie, json, ...own], body);
    expect(served.status, served.text).toBe(route.status);
    expect(served.headers['set-cookie']).toMatch(
      /^__Host-lamplight=[\w.-]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it.each(withCookie)('sends no form to %s, which is all that a page may send unasked', async (name, route) => {
    const { refreshToken } = await lamplight.signIn(ada.email ?? '');
    const fields = (await bodies[name]?.()) ?? {};
    const text = JSON.stringify(fields);
    const form = new URLSearchParams(Object.entries(fields)).toString() || 'a=b';
    const [multipart, boundary] = ['--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n', 'x'];
    const forms: ReadonlyArray<readonly [string | undefined, string]> = [
      ['text/plain', text],
      ['text/plain;charset=UTF-8', text],
      ['text/plain; application/json', text],
      [`multipart/form-data; boundary=${boundary}`, multipart],
      ['application/csp-report', text],
      [undefined, text],
      ['application/x-www-form-urlencoded', form],
    ];
    for (const [type, body] of forms) {
      const typed = type === undefined ? [] : [['Content-Type', type] as const];
      const fromForeign = await send(route, [cookieOf(refreshToken), ...typed, ['Origin', 'https://evil.test']], body);
      expect([type, ...saidBy(fromForeign)]).toEqual([type, 403, 'forbidden', undefined]);
      // Where a browser says nothing of its page, the kind of the body tells.
      if (route.form && type === 'application/x-www-form-urlencoded') continue;
      const unsaid = await send(route, [cookieOf(refreshToken), ...typed], body);
      expect([type, ...saidBy(unsaid)]).toEqual([type, 415, 'unsupported_media_type', undefined]);
    }
    const empty = await send(route, [cookieOf(refreshToken)], undefined);
    expect(saidBy(empty)).toEqual([400, 'invalid_request', undefined]);
  });

  it.each(withCookie)('reaches %s by no other method', async (_name, route) => {
    const { refreshToken } = await lamplight.signIn(ada.email ?? '');
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const override = ['X-HTTP-Method-Override', route.method.toUpperCase()] as const;
      const { status, headers } = await lamplight.raw({
        method,
        path: `${route.path}?_method=POST`,
        headers: [cookieOf(refreshToken), override, ['Origin', 'https://evil.test']],
      });
      expect([method, status, headers['set-cookie']]).toEqual([method, method === 'OPTIONS' ? 204 : 404, undefined]);
    }
    await expectGood(refreshToken);
  });

  const expectGood = async (refreshToken: string) => {
    const reply = await send(routes.refreshToken, [cookieOf(refreshToken), json, ...own], '{}');
    expect(saidBy(reply)).toEqual([200, undefined, expect.stringContaining('__Host-lamplight=')]);
  };

  const bySession = all.filter(([, { auth }]) => auth === 'session');
  it.each(bySession)('cannot use the cookie on %s: it is no credential there', async (_name, route) => {
    const { refreshToken, accessToken } = ada;
    const path = route.path.replace(/:\w+/g, 'x');
    for (const value of [refreshToken, accessToken, `Bearer ${accessToken}`]) {
      const names = [
        '__Host-lamplight',
        'lamplight',
        'access_token',
        'token',
        'session',
        'Authorization',
        'authorization',
      ];
      const cookie = ['Cookie', names.map((name) => `${name}=${encodeURIComponent(value)}`).join('; ')] as const;
      const reply = await send({ ...route, path }, [cookie, json, ...own], route.body && '{}');
      expect(saidBy(reply)).toEqual([401, 'unauthenticated', undefined]);
    }
  });

  it('registers in the name of no guest whose cookie comes along', async () => {
    const guest = await lamplight.newPerson('guest', 'Ada');
    const email = newAddress();
    const cookie = cookieOf(guest.refreshToken);
    expect((await lamplight.post('/api/auth/register', { email, name: 'Eve', password }, [cookie])).status).toBe(202);
    const verified = await lamplight.post(
      '/api/auth/verify',
      { token: await linkTo(email), password, refresh: 'body' },
      [cookie],
    );
    const { access_token } = tokenResponse.parse(JSON.parse(verified.text));
    expect((await new TestClient(lamplight.url, access_token).call('GET', '/api/me')).as(me).id).not.toBe(guest.id);
    expect((await guest.client.call('GET', '/api/me')).as(me)).toMatchObject({ id: guest.id, role: 'guest' });
  });

  it('of a neighbouring host puts no cookie of its own in place of ours', async () => {
    const eve = await lamplight.newPerson('guest', 'Eve');
    for (const name of [
      'lamplight',
      '__HOST-lamplight',
      '__host-lamplight',
      '__Secure-lamplight',
      '__Host-Lamplight',
    ]) {
      const reply = await send(routes.refreshToken, [['Cookie', `${name}=${eve.refreshToken}`], json, ...own], '{}');
      expect([name, reply.status, reply.code]).toEqual([name, 401, 'unauthenticated']);
    }
    await expectGood(eve.refreshToken);
  });

  it('may ask nothing that needs a preflight, while a listed one may', async () => {
    const preflight = (origin: string) =>
      lamplight.raw({
        method: 'OPTIONS',
        path: '/api/auth/refresh',
        headers: [
          ['Origin', origin],
          ['Access-Control-Request-Method', 'POST'],
          ['Access-Control-Request-Headers', 'content-type, authorization'],
        ],
      });
    const allowed = ({ headers }: RawReply) =>
      Object.entries(headers).filter(([name, value]) => name.startsWith('access-control-allow') && value !== '');
    for (const origin of ['https://evil.test', 'null', 'https://evil.lamplight.test', `${listed}.evil.test`])
      expect(allowed(await preflight(origin))).toEqual([]);
    expect(Object.fromEntries(allowed(await preflight(listed)))).toMatchObject({
      'access-control-allow-origin': listed,
      'access-control-allow-credentials': 'true',
    });
  });
});
