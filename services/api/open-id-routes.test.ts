import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PersonRecord } from '#domain/accounts/account-records.ts';
import { alignAdministrator } from '#domain/accounts/administrators.ts';
import { openHandshake, sealHandshake } from '#domain/accounts/open-id-handshake.ts';
import type { OpenIdConfig } from '#platform/config/config.ts';
import { CookieBrowser } from '#tests/servers/cookie-browser.ts';
import { createTestProvider, type Subject, type TestProvider } from '#tests/servers/open-id-provider.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';

const page = 'http://lamplight.test';
const ada = { sub: 'ada', claims: { email: 'Ada@Example.org', email_verified: true, name: 'Ada Lovelace' } };
const byGroups: OpenIdConfig['roles'] = {
  claim: ['groups'],
  byValue: { it: 'admin', leads: 'manager', staff: 'user' },
};

describe('signing in through an OpenID provider', () => {
  let provider: TestProvider;
  let test: TestChat;
  let url: string;
  let browser: CookieBrowser;

  const open = async (config: Partial<OpenIdConfig> = {}) => {
    const { issuer, clientId, clientSecret } = provider;
    const openId = { issuer, clientId, clientSecret, name: 'Example', scopes: 'openid email profile', ...config };
    test = await createTestChat({ openId });
    ({ url } = await test.openTestServer());
    await provider.start(`${url}/api/auth/oidc/callback`);
  };
  const callback = () => `${url}/api/auth/oidc/callback`;
  const isPage = (next: URL) => next.origin === page;
  /** To the provider and back, up to the address of the callback with the provider's answer. */
  const comeBack = () => browser.follow(`${url}/api/auth/oidc/start`, (next) => !next.href.startsWith(callback()));
  const signIn = async (subject: Subject = ada) => {
    provider.subject = subject;
    return browser.follow(await comeBack(), (next) => !isPage(next));
  };
  const failureAt = (address: URL) => {
    expect(address.pathname).toBe('/sign-in');
    const fragment = new URLSearchParams(address.hash.slice(1));
    expect(fragment.get('trace')).toMatch(/^[0-9a-f]{32}$/);
    return fragment.get('error');
  };
  const people = async () => {
    const where = { deleted: false };
    return (await test.foundation.accounts.records.people.find({ where, limit: 10 })).items;
  };
  const add = async (changes: Partial<PersonRecord> = {}) => {
    const person: PersonRecord = {
      _id: `p${Math.random()}`.replace('.', ''),
      name: 'Ada',
      role: 'user',
      email: 'ada@example.org',
      timeZone: 'UTC',
      disabled: false,
      deleted: false,
      createdAt: 1,
      lastSeenAt: 1,
      ...changes,
    };
    await test.foundation.accounts.records.people.insert(person);
    await alignAdministrator(test.foundation.accounts.records, person._id);
    return person;
  };
  const refresh = async () => {
    const cookies = [...browser.jar(new URL(url))].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie: cookies, 'content-type': 'application/json' };
    return fetch(`${url}/api/auth/refresh`, { method: 'POST', headers, body: '{}' });
  };

  beforeEach(async () => {
    provider = await createTestProvider();
    browser = new CookieBrowser();
  });
  afterEach(async () => {
    await provider.stop();
    await test.close();
  });

  it('begins an account, and leads to the page with the refresh cookie', async () => {
    await open();
    expect((await signIn()).href).toBe(`${page}/#signed-in`);
    expect(await people()).toMatchObject([
      { name: 'Ada Lovelace', email: 'ada@example.org', role: 'user', openIdSubject: `${provider.issuer} ada` },
    ]);
    expect((await refresh()).status).toBe(200);
    const [handshake, cleared] = browser.setCookies.filter((line) => line.includes('lamplight-oidc'));
    expect(handshake).toMatch(/HttpOnly; SameSite=Lax/i);
    expect(cleared).toMatch(/Max-Age=0/);
  });

  it('is the same person the next time, whatever became of name and address', async () => {
    await open();
    await signIn();
    await signIn({ sub: 'ada', claims: { email: 'other@example.org', email_verified: true, name: 'A.' } });
    expect(await people()).toMatchObject([{ name: 'Ada Lovelace', email: 'ada@example.org' }]);
  });

  it('asks the provider for PKCE, state and nonce, and for nothing that leads elsewhere', async () => {
    await open();
    const { location } = await browser.visit(
      `${url}/api/auth/oidc/start?redirect_uri=https://evil.example&returnTo=//evil`,
    );
    const asked = location?.searchParams;
    expect(location?.origin).toBe(provider.issuer);
    expect(asked?.get('redirect_uri')).toBe(callback());
    expect(asked?.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked?.get(name)).toMatch(/^[\w-]{43}$/);
  });

  it('joins an existing account by its verified address', async () => {
    await open();
    const known = await add();
    await signIn();
    expect(await people()).toMatchObject([{ _id: known._id, openIdSubject: `${provider.issuer} ada` }]);
  });

  it.each([{ email_verified: false }, { email_verified: 'true' }, {}])(
    'takes no address that the provider has not verified: %j',
    async (verified) => {
      await open();
      const known = await add();
      await signIn({ sub: 'eve', claims: { email: 'ada@example.org', name: 'Eve', ...verified } });
      const all = await people();
      expect(all).toHaveLength(2);
      expect(all.find(({ _id }) => _id === known._id)).not.toHaveProperty('openIdSubject');
      expect(all.find(({ name }) => name === 'Eve')).not.toHaveProperty('email');
    },
  );

  it('gives nobody an account that another subject of the provider has', async () => {
    await open();
    await signIn();
    // The provider knows the first browser as somebody else.
    browser = new CookieBrowser();
    expect(failureAt(await signIn({ ...ada, sub: 'the next Ada' }))).toBe('other_account');
    expect(await people()).toHaveLength(1);
  });

  it('replaces the subject of a provider of former times', async () => {
    await open();
    await add({ openIdSubject: 'https://old.example.org 17' });
    await signIn();
    expect(await people()).toMatchObject([{ openIdSubject: `${provider.issuer} ada` }]);
  });

  it('makes one account of two sign-ins at the same time', async () => {
    await open();
    provider.subject = ada;
    const [first, second] = [browser, new CookieBrowser()];
    const one = await comeBack();
    browser = second;
    const two = await comeBack();
    await Promise.all([first.follow(one, (next) => !isPage(next)), second.follow(two, (next) => !isPage(next))]);
    expect(await people()).toHaveLength(1);
  });

  it('admits nobody who is disabled', async () => {
    await open();
    await add({ disabled: true });
    expect(failureAt(await signIn())).toBe('account_disabled');
    expect((await refresh()).status).toBe(401);
  });

  it.each([
    [['staff', 'leads'], 'manager'],
    ['it', 'admin'],
    [['staff', 'unknown'], 'user'],
  ])('gives the highest role of the claim: %j makes %s', async (groups, role) => {
    await open({ roles: byGroups });
    await signIn({ ...ada, claims: { ...ada.claims, groups } });
    expect(await people()).toMatchObject([{ role }]);
  });

  it.each([undefined, [], ['constructor'], 'staff,it', { it: true }])(
    'admits nobody without a role: %j',
    async (groups) => {
      await open({ roles: byGroups });
      expect(failureAt(await signIn({ ...ada, claims: { ...ada.claims, groups } }))).toBe('no_role');
      expect(await people()).toEqual([]);
    },
  );

  it('finds a role deep in a claim, and changes it at each sign-in', async () => {
    await open({ roles: { claim: ['realm', 'roles'], byValue: { it: 'admin', staff: 'user' } } });
    const withRoles = (roles: string[]) => ({ ...ada, claims: { ...ada.claims, realm: { roles } } });
    await add({ role: 'admin', email: 'root@example.org' });
    await signIn(withRoles(['it']));
    expect(await people()).toContainEqual(expect.objectContaining({ name: 'Ada Lovelace', role: 'admin' }));
    await signIn(withRoles(['staff']));
    expect(await people()).toContainEqual(expect.objectContaining({ name: 'Ada Lovelace', role: 'user' }));
  });

  it('does not demote the last administrator', async () => {
    await open({ roles: byGroups });
    await add({ role: 'admin' });
    expect((await signIn({ ...ada, claims: { ...ada.claims, groups: ['staff'] } })).hash).toBe('#signed-in');
    expect(await people()).toMatchObject([{ role: 'admin' }]);
    expect(test.lines.map(({ message }) => message)).toContainEqual(expect.stringContaining('last administrator'));
  });

  it('says that somebody cancelled', async () => {
    await open();
    provider.subject = undefined;
    expect(failureAt(await browser.follow(await comeBack(), (next) => !isPage(next)))).toBe('cancelled');
  });

  it.each([
    ['another state', (at: URL) => at.searchParams.set('state', 'x')],
    ['no state', (at: URL) => at.searchParams.delete('state')],
  ])('refuses %s', async (_, change) => {
    await open();
    provider.subject = ada;
    const at = await comeBack();
    change(at);
    expect(failureAt(await browser.follow(at, (next) => !isPage(next)))).toBe('expired');
    expect(await people()).toEqual([]);
  });

  it.each([
    ['another code', (at: URL) => at.searchParams.set('code', 'x')],
    ['another issuer', (at: URL) => at.searchParams.set('iss', 'https://evil.example')],
  ])('refuses %s', async (_, change) => {
    await open();
    provider.subject = ada;
    const at = await comeBack();
    change(at);
    expect(failureAt(await browser.follow(at, (next) => !isPage(next)))).toBe('refused');
    expect(await people()).toEqual([]);
  });

  it('refuses the answer in a browser that did not begin it', async () => {
    await open();
    provider.subject = ada;
    const at = await comeBack();
    expect(failureAt(await new CookieBrowser().follow(at, (next) => !isPage(next)))).toBe('expired');
  });

  it('refuses an answer that was used, with the cookie put back too', async () => {
    await open();
    provider.subject = ada;
    const at = await comeBack();
    const jar = browser.jar(new URL(url));
    const handshake = jar.get('lamplight-oidc') ?? '';
    await browser.follow(at, (next) => !isPage(next));
    expect(failureAt(await browser.follow(at, (next) => !isPage(next)))).toBe('expired');
    jar.set('lamplight-oidc', handshake);
    expect(failureAt(await browser.follow(at, (next) => !isPage(next)))).toBe('refused');
  });

  it.each(['nonce', 'verifier'] as const)('refuses an answer whose %s is of another sign-in', async (part) => {
    await open();
    provider.subject = ada;
    const at = await comeBack();
    const { keys, clock } = test.foundation.accounts;
    const jar = browser.jar(new URL(url));
    const handshake = openHandshake(keys, clock, jar.get('lamplight-oidc') ?? '');
    if (!handshake) throw new Error('There is no handshake.');
    jar.set('lamplight-oidc', sealHandshake(keys, clock, { ...handshake, [part]: 'x'.repeat(43) }));
    expect(failureAt(await browser.follow(at, (next) => !isPage(next)))).toBe('refused');
    expect(await people()).toEqual([]);
  });

  it('refuses a handshake that was changed or is too old', async () => {
    await open();
    const { keys, clock } = test.foundation.accounts;
    const given = { state: 's', nonce: 'n', verifier: 'v', redirectUri: callback() };
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
    await signIn();
    await provider.stop();
    provider.subject = ada;
    await provider.start(callback());
    expect((await signIn()).hash).toBe('#signed-in');
    const at = await comeBack();
    await provider.stop();
    expect(failureAt(await browser.follow(at, (next) => !isPage(next)))).toBe('provider_unavailable');
  });

  it('starts while the provider is down, and asks it again for each person', async () => {
    await open();
    await provider.stop();
    const { location } = await browser.visit(`${url}/api/auth/oidc/start`);
    expect(failureAt(location ?? new URL(url))).toBe('provider_unavailable');
    await provider.start(callback());
    expect((await signIn()).hash).toBe('#signed-in');
  });

  it('logs nothing of a person or a secret', async () => {
    await open();
    await signIn();
    await provider.stop();
    await browser.visit(`${url}/api/auth/oidc/start`);
    expect(JSON.stringify(test.lines)).not.toMatch(/ada@example|Lovelace|a-secret-of-the-tests|code=/i);
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
