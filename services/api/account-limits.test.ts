import { afterEach, describe, expect, it } from 'vitest';
import { type ErrorDetail, errorResponse } from '#contract/errors.ts';
import type { Config } from '#platform/config/config.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import { TestClient } from '#tests/servers/test-client.ts';

const password = 'the evening lamp of the tests';

describe('the limits of accounts', () => {
  let app: TestChat;
  let server: TestServer;
  const start = async (limits: Partial<Config['limits']>, trustedProxies: readonly string[] = []) => {
    app = await createTestChat({ limits, trustedProxies });
    server = await app.openTestServer();
    const passwordHash = await app.foundation.accounts.passwords.hash(password);
    for (const name of ['ada', 'eve'])
      await server.client({ name, role: 'user', person: { email: `${name}@lamplight.test`, passwordHash } });
  };
  afterEach(() => app.close());

  /** Asks as somebody who is not signed in. */
  const post = async (path: string, body: object, forwarded?: string) => {
    const headers = {
      'content-type': 'application/json',
      ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }),
    };
    const reply = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await reply.text();
    return {
      status: reply.status,
      headers: reply.headers,
      text,
      get error() {
        return errorResponse.parse(JSON.parse(text)).error;
      },
    };
  };
  const signIn = (name: string, given: string, forwarded?: string) =>
    post('/api/auth/token', { username: `${name}@lamplight.test`, password: given }, forwarded);
  const codeOf = (reply: { status: number; error: ErrorDetail }) =>
    reply.status < 300 ? reply.status : reply.error.code;

  it('refuse after so many wrong passwords, known account or not, the right one too, and say when', async () => {
    await start({ signInAttempts: 2 });
    for (const name of ['ada', 'nobody']) {
      expect(codeOf(await signIn(name, 'a wrong one'))).toBe('wrong_credentials');
      expect((await signIn(name, 'a wrong one')).headers.get('ratelimit-remaining')).toBe('0');
      const refused = await signIn(name, password);
      expect([refused.status, refused.error.code]).toEqual([429, 'rate_limited']);
      expect(refused.error.message).toBe('There were too many wrong passwords. Try again in 15 minutes.');
      expect(Number(refused.headers.get('retry-after'))).toBe(refused.error.retryAfter);
      expect(refused.error.retryAfter).toBeGreaterThan(880);
    }
    const right = await signIn('eve', password);
    expect([right.status, right.headers.get('ratelimit-limit')]).toEqual([200, '2']);
  });

  it('hash no more right passwords of one network than it may have tokens', async () => {
    await start({ guestsPerMinute: 1 });
    const statuses: number[] = [];
    for (let count = 0; count < 32; count += 1) statuses.push((await signIn('ada', password)).status);
    expect(statuses).toEqual([...Array(30).fill(200), 429, 429]);
    const refused = await signIn('ada', password);
    expect(refused.error.message).toMatch(/^There were too many requests from your network\. Try again in \d+ seconds/);
    expect(Number(refused.headers.get('retry-after'))).toBe(refused.error.retryAfter);
  });

  it('hash no more passwords than that, where all come at once', async () => {
    await start({ signInAttempts: 3 });
    const codes = await Promise.all(Array.from({ length: 30 }, async () => codeOf(await signIn('ada', 'a wrong one'))));
    expect(codes.filter((code) => code === 'wrong_credentials')).toHaveLength(3);
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(27);
  });

  it('do not care what an address claims that nobody trusts', async () => {
    await start({ signInAttempts: 1 });
    const codes = [];
    for (let count = 0; count < 4; count += 1)
      codes.push(codeOf(await signIn('ada', 'a wrong one', `10.0.0.${count}`)));
    expect(codes).toEqual(['wrong_credentials', 'rate_limited', 'rate_limited', 'rate_limited']);
  });

  it('go by the address that a trusted proxy tells, not by what a client put before it', async () => {
    await start({ signInAttempts: 1 }, ['127.0.0.1']);
    const from = async (forwarded: string) => codeOf(await signIn('ada', 'a wrong one', forwarded));
    expect(await from('192.0.2.1')).toBe('wrong_credentials');
    expect(await from('192.0.2.2')).toBe('wrong_credentials');
    expect(await from('10.9.9.9, 192.0.2.1')).toBe('rate_limited');
    expect(await from('192.0.2.3, 192.0.2.2')).toBe('rate_limited');
    expect(await from('2001:db8:0:1::1')).toBe('wrong_credentials');
    expect(await from('2001:db8:0:1:ffff::2')).toBe('rate_limited');
    expect(await from('2001:db8:0:2::1')).toBe('wrong_credentials');
  });

  it('watch a password that somebody changes who is signed in', async () => {
    await start({ signInAttempts: 2 });
    const { access_token } = JSON.parse((await signIn('ada', password)).text) as { access_token: string };
    const ada = new TestClient(server.url, access_token);
    const change = (current: string) =>
      ada.call('POST', '/api/me/password', { current, password: 'another lamp of the evening' });
    const remove = () => ada.call('POST', '/api/me/delete', { password: 'a wrong one' });
    expect(codeOf(await change('a wrong one'))).toBe('wrong_credentials');
    expect(codeOf(await remove())).toBe('wrong_credentials');
    expect(codeOf(await change(password))).toBe('rate_limited');
    expect(codeOf(await remove())).toBe('rate_limited');
  });

  it('bound the guests of a network', async () => {
    await start({ guestsPerMinute: 2 });
    const guest = () => post('/api/auth/guest', { name: 'Ada', refresh: 'body' });
    const [first, , third] = [await guest(), await guest(), await guest()];
    expect([first?.status, first?.headers.get('ratelimit-remaining')]).toEqual([201, '1']);
    expect([third?.status, third?.error.code]).toEqual([429, 'rate_limited']);
    expect(third?.error.message).toMatch(
      /^There were too many new guests from your network\. Try again in \d+ seconds\.$/,
    );
  });

  it('bound the guests of a network in a day, however slowly they come', async () => {
    await start({ guestsPerMinute: 2 });
    const guest = () => post('/api/auth/guest', { name: 'Ada', refresh: 'body' });
    for (let count = 0; count < 39; count += 1) await app.foundation.limits.guestsOfDay.take('127.0.0.1');
    expect((await guest()).status).toBe(201);
    const refused = await guest();
    expect([refused.status, refused.error.code]).toEqual([429, 'rate_limited']);
    expect(refused.error.message).toMatch(/^There were too many new guests from your network today\..* in 24 hours\.$/);
  });

  it('bound how often tokens are renewed from a network', async () => {
    await start({ guestsPerMinute: 1 });
    const refresh = () => post('/api/auth/refresh', { refresh_token: 'not one' });
    const codes = [];
    for (let count = 0; count < 31; count += 1) codes.push(codeOf(await refresh()));
    expect(codes.slice(0, 30)).toEqual(Array(30).fill('unauthenticated'));
    expect(codes[30]).toBe('rate_limited');
  });

  it('bound the mails that are asked for to one address, by whichever way', async () => {
    await start({ signInAttempts: 4 });
    const registration = { email: 'new@lamplight.test', name: 'New', password: 'a lamp in the evening' };
    expect((await post('/api/auth/register', registration)).status).toBe(202);
    expect((await post('/api/auth/forgot', { email: 'New@lamplight.test' })).status).toBe(202);
    for (const path of ['/api/auth/forgot', '/api/auth/register']) {
      const refused = await post(path, registration);
      expect([refused.status, refused.error.code]).toEqual([429, 'rate_limited']);
      expect(refused.error.message).toMatch(/asked for to this address.*Try again in \d+ minutes\.$/);
    }
    expect((await post('/api/auth/forgot', { email: 'ada@lamplight.test' })).status).toBe(202);
  });

  it('bound what a network asks about accounts, links too', async () => {
    await start({ signInAttempts: 1 });
    const paths = ['verify', 'reset', 'invitation'] as const;
    const ask = (index: number) =>
      post(`/api/auth/${paths[index % 3]}`, { token: 'none', name: 'A', password: 'a lamp in the evening' });
    const codes = [];
    for (let index = 0; index < 23; index += 1) codes.push(codeOf(await ask(index)));
    expect(new Set(codes.slice(0, 20))).toEqual(new Set(['link_invalid']));
    expect(codes.slice(20)).toEqual(['rate_limited', 'rate_limited', 'rate_limited']);
  });

  it('leave no address of a network or a person in the log', async () => {
    await start({ signInAttempts: 1, guestsPerMinute: 1 }, ['127.0.0.1']);
    for (let count = 0; count < 8; count += 1) await signIn('ada', 'a wrong one', `192.0.2.${count}`);
    await post('/api/auth/guest', { name: 'Ada' }, '192.0.2.77');
    await post('/api/auth/guest', { name: 'Ada' }, '192.0.2.77');
    const told = app.lines.filter(({ level }) => level !== 'debug');
    expect(told.some(({ fields }) => fields['event.action'] === 'limit')).toBe(true);
    expect(JSON.stringify(told)).not.toMatch(/192\.0\.2\.|ada@lamplight/);
  });
});
