import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { me, sessionList, signInOptions, tokenResponse } from '#contract/accounts.ts';
import { tellPersonChanged } from '#domain/accounts/tell-processes.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import { TestClient } from '#tests/servers/test-client.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const password = 'a quiet evening by the lamp';
const form = 'application/x-www-form-urlencoded';

describe('signing in and out', () => {
  let app: TestChat;
  let server: TestServer;
  let nobody: TestClient;
  let passwordHash: string;
  let email: string;
  let count = 0;
  beforeAll(async () => {
    app = await createTestChat();
    server = await app.openTestServer();
    nobody = new TestClient(server.url, '');
    passwordHash = await app.foundation.accounts.passwords.hash(password);
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    count += 1;
    email = `ada-${count}@example.org`;
    await addPerson({ email, passwordHash });
  });

  const addPerson = async (person: object) => {
    const now = Date.now();
    const _id = `person-${Math.random()}`;
    const rest = { timeZone: 'Europe/Berlin', disabled: false, deleted: false, createdAt: now, lastSeenAt: now };
    await app.foundation.accounts.records.people.insert({ _id, name: 'Ada', role: 'user', ...rest, ...person });
    return _id;
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    nobody.call('POST', path, body, { headers: { 'user-agent': firefox, ...headers } });
  const signIn = (more: object = {}, headers = {}) =>
    post('/api/auth/token', { username: email, password, ...more }, headers);
  const clientOf = (text: { as(schema: typeof tokenResponse): { access_token: string } }) =>
    new TestClient(server.url, text.as(tokenResponse).access_token);
  const cookieOf = (headers: Headers) => headers.getSetCookie()[0]?.split(';')[0] ?? '';

  it('tells how one can', async () => {
    const options = (await nobody.call('GET', '/api/auth/options')).as(signInOptions);
    expect(options).toEqual({ registration: 'open', guests: true });
  });

  it('takes an address, however it is written, and a password; the browser gets a cookie', async () => {
    const reply = await signIn({ username: ` ${email.toUpperCase()} ` });
    expect(reply.status).toBe(200);
    expect(reply.as(tokenResponse)).not.toHaveProperty('refresh_token');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const [cookie] = reply.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-lamplight=[\w.-]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/);
    expect((await clientOf(reply).call('GET', '/api/me')).as(me)).toMatchObject({
      name: 'Ada',
      role: 'user',
      email,
      timeZone: 'Europe/Berlin',
      hasPassword: true,
    });
  });

  it('takes the password form of OAuth 2, and gives a program its refresh token in the reply', async () => {
    const fields = new URLSearchParams({ grant_type: 'password', username: email, password, refresh: 'body' });
    const reply = await post('/api/auth/token', String(fields), { 'content-type': form });
    expect(reply.headers.getSetCookie()).toEqual([]);
    const { refresh_token, expires_in } = reply.as(tokenResponse);
    expect(expires_in).toBe(900);
    const next = (await post('/api/auth/refresh', { refresh_token })).as(tokenResponse);
    expect(next.refresh_token).not.toBe(refresh_token);
    expect((await post('/api/auth/refresh', { refresh_token: next.refresh_token })).status).toBe(200);
  });

  it('says the same of a wrong password and of an unknown address, and of one without a password', async () => {
    const elsewhere = `elsewhere-${count}@example.org`;
    await addPerson({ email: elsewhere, openIdSubject: `issuer subject-${count}` });
    const replies = [
      await signIn({ password: 'another password' }),
      await signIn({ username: 'nobody@example.org' }),
      await signIn({ username: elsewhere }),
    ];
    for (const { status, error, headers } of replies) {
      expect([status, error.code, error.message]).toEqual([401, 'wrong_credentials', replies[0]?.error.message]);
      expect(headers.getSetCookie()).toEqual([]);
    }
  });

  it('tells somebody who is disabled so, once the password is right', async () => {
    await addPerson({ email: `off-${email}`, passwordHash, disabled: true });
    expect((await signIn({ username: `off-${email}` })).error.code).toBe('account_disabled');
    expect((await signIn({ username: `off-${email}`, password: 'wrong password' })).error.code).toBe(
      'wrong_credentials',
    );
  });

  it('goes on with the cookie, which is replaced', async () => {
    const cookie = cookieOf((await signIn()).headers);
    const reply = await post('/api/auth/refresh', {}, { cookie: `other=1; ${cookie}` });
    expect(reply.status).toBe(200);
    expect(cookieOf(reply.headers)).toMatch(/^__Host-lamplight=./);
    expect(cookieOf(reply.headers)).not.toBe(cookie);
    expect((await clientOf(reply).call('GET', '/api/me')).status).toBe(200);
  });

  it('does not go on without one, and takes away one that is good no longer', async () => {
    const none = await post('/api/auth/refresh', {});
    expect([none.status, none.error.code, none.headers.getSetCookie()]).toEqual([401, 'unauthenticated', []]);
    const wrong = await post('/api/auth/refresh', {}, { cookie: '__Host-lamplight=x.0.y' });
    expect([wrong.status, cookieOf(wrong.headers)]).toEqual([401, '__Host-lamplight=']);
    const unprefixed = cookieOf((await signIn()).headers).replace('__Host-', '');
    expect((await post('/api/auth/refresh', {}, { cookie: unprefixed })).status).toBe(401);
  });

  it('ends with the session: the token, the refresh token and the cookie', async () => {
    const reply = await signIn();
    const client = clientOf(reply);
    const out = await client.call('POST', '/api/auth/logout');
    expect([out.status, cookieOf(out.headers)]).toEqual([204, '__Host-lamplight=']);
    expect((await client.call('GET', '/api/me')).error.code).toBe('unauthenticated');
    expect((await post('/api/auth/refresh', {}, { cookie: cookieOf(reply.headers) })).status).toBe(401);
  });

  it('shows where one is signed in, and ends one of them or all', async () => {
    const [here, there] = [clientOf(await signIn()), clientOf(await signIn({}, { 'user-agent': 'curl/8.5.0' }))];
    const list = async (client = here) => (await client.call('GET', '/api/me/sessions')).as(sessionList).items;
    expect((await list()).map(({ device, current }) => [device, current]).sort()).toEqual([
      ['Firefox on Linux', true],
      ['curl', false],
    ]);
    const other = (await list()).find(({ current }) => !current);
    expect((await here.call('DELETE', `/api/me/sessions/${other?.id}`)).status).toBe(204);
    expect((await there.call('GET', '/api/me')).status).toBe(401);
    expect((await here.call('DELETE', `/api/me/sessions/${other?.id}`)).error.code).toBe('not_found');
    const again = clientOf(await signIn());
    expect((await here.call('DELETE', '/api/me/sessions')).status).toBe(204);
    for (const client of [here, again]) expect((await client.call('GET', '/api/me')).status).toBe(401);
  });

  it('keeps the sessions of others to them', async () => {
    const [ada, eve] = [clientOf(await signIn()), await server.client('Eve')];
    const [session] = (await ada.call('GET', '/api/me/sessions')).as(sessionList).items;
    expect((await eve.call('DELETE', `/api/me/sessions/${session?.id}`)).error.code).toBe('not_found');
    expect((await eve.call('GET', '/api/me/sessions')).as(sessionList).items).toHaveLength(1);
    expect((await ada.call('GET', '/api/me')).status).toBe(200);
  });

  it('lets a person change name and time zone, and nothing else', async () => {
    const ada = clientOf(await signIn());
    const before = (await ada.call('GET', '/api/me')).as(me);
    const change = { name: ' Countess ', timeZone: 'Asia/Tokyo', role: 'admin', email: 'x@example.org', _id: 'x' };
    const after = (await ada.call('PATCH', '/api/me', change)).as(me);
    expect(after).toEqual({ ...before, name: 'Countess', timeZone: 'Asia/Tokyo' });
    expect((await ada.call('GET', '/api/me')).as(me)).toEqual(after);
    expect((await ada.call('PATCH', '/api/me', { timeZone: 'Nowhere/Land' })).status).toBe(400);
    expect((await ada.call('PATCH', '/api/me', {})).as(me)).toEqual(after);
  });

  it('is over at once for somebody who is disabled', async () => {
    const ada = clientOf(await signIn());
    const { id } = (await ada.call('GET', '/api/me')).as(me);
    await app.foundation.accounts.records.people.update(id, { set: { disabled: true } });
    await tellPersonChanged(app.foundation.accounts, id);
    const { status, error } = await ada.call('GET', '/api/me');
    expect([status, error.code]).toEqual([403, 'account_disabled']);
  });

  it('as a guest can be switched off', async () => {
    await app.foundation.runtime.change({ guests: false });
    const { status, error } = await post('/api/auth/guest', { name: 'Grace' });
    await app.foundation.runtime.change({ guests: true });
    expect([status, error.code]).toEqual([403, 'guests_closed']);
  });

  it('as a guest lives by the cookie too', async () => {
    const guest = await post('/api/auth/guest', { name: 'Grace', timeZone: 'Asia/Tokyo' });
    const next = await post('/api/auth/refresh', {}, { cookie: cookieOf(guest.headers) });
    const grace = (await clientOf(next).call('GET', '/api/me')).as(me);
    expect(grace).toMatchObject({ name: 'Grace', role: 'guest', timeZone: 'Asia/Tokyo', hasPassword: false });
    expect(grace).not.toHaveProperty('email');
  });

  it('from a page of another site is refused, whatever the cookie', async () => {
    const cookie = cookieOf((await signIn()).headers);
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      for (const [path, body] of [
        ['/api/auth/refresh', {}],
        ['/api/auth/token', { username: email, password }],
        ['/api/auth/guest', { name: 'Grace' }],
      ] as const) {
        const { status, error } = await post(path, body, { cookie, ...headers });
        expect([path, status, error.code]).toEqual([path, 403, 'forbidden']);
      }
    }
    const own = await post('/api/auth/refresh', {}, { cookie, origin: server.url, 'sec-fetch-site': 'same-origin' });
    expect(own.status).toBe(200);
  });
});
