import { afterEach, describe, expect, it } from 'vitest';
import { openHandshake, sealHandshake } from '#domain/accounts/open-id-handshake.ts';
import type { OpenIdConfig } from '#platform/config/config.ts';
import { AppError } from '#platform/errors.ts';
import { CookieBrowser } from '#tests/servers/cookie-browser.ts';
import { createTestChat } from '#tests/servers/test-chat.ts';
import { ada, failureAt, OpenIdTest, page } from './open-id.fixture.ts';

describe('signing in through an OpenID provider', () => {
  let own: OpenIdTest;
  const open = async (config?: Partial<OpenIdConfig>) => {
    own = await OpenIdTest.open(config);
  };
  afterEach(() => own.close());

  it('begins an account, and leads to the page with the refresh cookie', async () => {
    await open();
    expect((await own.signIn()).href).toBe(`${page}/#signed-in`);
    expect(await own.people()).toMatchObject([
      { name: 'Ada Lovelace', email: 'ada@example.org', role: 'user', openIdSubject: `${own.provider.issuer} ada` },
    ]);
    expect((await own.refresh()).status).toBe(200);
    const [handshake, cleared] = own.browser.setCookies.filter((line) => line.includes('lamplight-oidc'));
    expect(handshake).toMatch(/HttpOnly; SameSite=Lax/i);
    expect(cleared).toMatch(/Max-Age=0/);
  });

  it('asks the provider for PKCE, state and nonce, and for nothing that leads elsewhere', async () => {
    await open();
    const { location } = await own.browser.visit(
      `${own.url}/api/auth/oidc/start?redirect_uri=https://evil.example&returnTo=//evil`,
    );
    const asked = location?.searchParams;
    expect(location?.origin).toBe(own.provider.issuer);
    expect(asked?.get('redirect_uri')).toBe(own.callback);
    expect(asked?.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked?.get(name)).toMatch(/^[\w-]{43}$/);
  });

  it('says that somebody cancelled', async () => {
    await open();
    own.provider.subject = undefined;
    expect(failureAt(await own.finish(await own.comeBack()))).toBe('cancelled');
  });

  it.each([
    ['another state', (at: URL) => at.searchParams.set('state', 'x')],
    ['no state', (at: URL) => at.searchParams.delete('state')],
  ])('refuses %s', async (_, change) => {
    await open();
    own.provider.subject = ada;
    const at = await own.comeBack();
    change(at);
    expect(failureAt(await own.finish(at))).toBe('expired');
    expect(await own.people()).toEqual([]);
  });

  it.each([
    ['another code', (at: URL) => at.searchParams.set('code', 'x')],
    ['another issuer', (at: URL) => at.searchParams.set('iss', 'https://evil.example')],
  ])('refuses %s', async (_, change) => {
    await open();
    own.provider.subject = ada;
    const at = await own.comeBack();
    change(at);
    expect(failureAt(await own.finish(at))).toBe('refused');
    expect(await own.people()).toEqual([]);
  });

  it('tells the audit log of an answer that could not be trusted', async () => {
    await open();
    own.provider.subject = ada;
    const at = await own.comeBack();
    at.searchParams.set('code', 'x');
    await own.finish(at);
    const { items } = await own.test.foundation.audit.list({ action: 'openid_sign_in', limit: 10 });
    expect(items).toMatchObject([{ outcome: 'failure', details: { reason: 'refused' }, address: expect.any(String) }]);
  });

  it('ends on the page also where the database is away or there were too many', async () => {
    await open();
    own.provider.subject = ada;
    const { sessions } = own.test.foundation.accounts;
    const { start } = sessions;
    sessions.start = () => Promise.reject(new AppError('store_unavailable'));
    expect(failureAt(await own.finish(await own.comeBack()))).toBe('store_unavailable');
    sessions.start = start;
    const { tokens } = own.test.foundation.limits;
    const at = await own.comeBack();
    tokens.take = () => Promise.reject(new AppError('rate_limited'));
    expect(failureAt(await own.finish(at))).toBe('rate_limited');
    expect(failureAt(await own.finish(new URL('/api/auth/oidc/start', own.url)))).toBe('rate_limited');
    Reflect.deleteProperty(tokens, 'take');
    expect(await own.finish(at)).toMatchObject({ pathname: '/', hash: '#signed-in' });
  });

  it('refuses the answer in a browser that did not begin it', async () => {
    await open();
    own.provider.subject = ada;
    const at = await own.comeBack();
    expect(failureAt(await own.finish(at, new CookieBrowser()))).toBe('expired');
  });

  it('refuses an answer that was used, with the cookie put back too', async () => {
    await open();
    own.provider.subject = ada;
    const at = await own.comeBack();
    const jar = own.jar;
    const handshake = jar.get('lamplight-oidc') ?? '';
    await own.finish(at);
    expect(failureAt(await own.finish(at))).toBe('expired');
    jar.set('lamplight-oidc', handshake);
    expect(failureAt(await own.finish(at))).toBe('refused');
  });

  it.each(['nonce', 'verifier'] as const)('refuses an answer whose %s is of another sign-in', async (part) => {
    await open();
    own.provider.subject = ada;
    const at = await own.comeBack();
    const { keys, clock } = own.test.foundation.accounts;
    const jar = own.jar;
    const handshake = openHandshake(keys, clock, jar.get('lamplight-oidc') ?? '');
    if (!handshake) throw new Error('There is no handshake.');
    jar.set('lamplight-oidc', sealHandshake(keys, clock, { ...handshake, [part]: 'x'.repeat(43) }));
    expect(failureAt(await own.finish(at))).toBe('refused');
    expect(await own.people()).toEqual([]);
  });

  it('refuses a handshake that was changed or is too old', async () => {
    await open();
    const { keys, clock } = own.test.foundation.accounts;
    const given = { state: 's', nonce: 'n', verifier: 'v', redirectUri: own.callback };
    const sealed = sealHandshake(keys, clock, given);
    const later = { ...clock, now: () => clock.now() + 600_000 };
    expect(openHandshake(keys, clock, sealed)).toEqual(given);
    expect(openHandshake(keys, later, sealed)).toBeUndefined();
    const [payload = '', signature] = sealed.split('.');
    const changed = Buffer.from(payload, 'base64url').toString().replace('"s"', '"t"');
    expect(openHandshake(keys, clock, `${Buffer.from(changed).toString('base64url')}.${signature}`)).toBeUndefined();
    expect(openHandshake(keys, clock, '')).toBeUndefined();
  });

  it('says that the provider is away, and works once it is back, with other keys', async () => {
    await open();
    await own.signIn();
    await own.provider.stop();
    own.provider.subject = ada;
    await own.provider.start(own.callback);
    expect((await own.signIn()).hash).toBe('#signed-in');
    const at = await own.comeBack();
    await own.provider.stop();
    expect(failureAt(await own.finish(at))).toBe('provider_unavailable');
  });

  it('starts while the provider is down, and asks it again for each person', async () => {
    await open();
    await own.provider.stop();
    const { location } = await own.browser.visit(`${own.url}/api/auth/oidc/start`);
    expect(failureAt(location ?? new URL(own.url))).toBe('provider_unavailable');
    await own.provider.start(own.callback);
    expect((await own.signIn()).hash).toBe('#signed-in');
  });

  it('logs nothing of a person or a secret', async () => {
    await open();
    await own.signIn();
    await own.provider.stop();
    await own.browser.visit(`${own.url}/api/auth/oidc/start`);
    expect(JSON.stringify(own.test.lines)).not.toMatch(/ada@example|Lovelace|a-secret-of-the-tests|code=/i);
  });
});

describe('where no provider is set', () => {
  it.each(['start', 'callback'])('there is no %s', async (path) => {
    const test = await createTestChat();
    const { url } = await test.openTestServer();
    const reply = await fetch(`${url}/api/auth/oidc/${path}`, { redirect: 'manual' });
    await test.close();
    expect(reply.status).toBe(404);
  });
});
