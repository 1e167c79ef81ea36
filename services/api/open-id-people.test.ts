import { afterEach, describe, expect, it } from 'vitest';
import type { OpenIdConfig } from '#platform/config/config.ts';
import { CookieBrowser } from '#tests/servers/cookie-browser.ts';
import { ada, failureAt, OpenIdTest } from './open-id.fixture.ts';

const byGroups: OpenIdConfig['roles'] = {
  claim: ['groups'],
  byValue: { it: 'admin', leads: 'manager', staff: 'user' },
};

describe('whoever signs in through an OpenID provider', () => {
  let own: OpenIdTest;
  const open = async (config?: Partial<OpenIdConfig>) => {
    own = await OpenIdTest.open(config);
  };
  afterEach(() => own.close());

  it('is the same person the next time, whatever became of name and address', async () => {
    await open();
    await own.signIn();
    await own.signIn({ sub: 'ada', claims: { email: 'other@example.org', email_verified: true, name: 'A.' } });
    expect(await own.people()).toMatchObject([{ name: 'Ada Lovelace', email: 'ada@example.org' }]);
  });

  it('joins an existing account by its verified address', async () => {
    await open();
    const known = await own.add();
    await own.signIn();
    expect(await own.people()).toMatchObject([{ _id: known._id, openIdSubject: `${own.provider.issuer} ada` }]);
  });

  it.each([{ email_verified: false }, { email_verified: 'true' }, {}])(
    'takes no address that the provider has not verified: %j',
    async (verified) => {
      await open();
      const known = await own.add();
      await own.signIn({ sub: 'eve', claims: { email: 'ada@example.org', name: 'Eve', ...verified } });
      const all = await own.people();
      expect(all).toHaveLength(2);
      expect(all.find(({ _id }) => _id === known._id)).not.toHaveProperty('openIdSubject');
      expect(all.find(({ name }) => name === 'Eve')).not.toHaveProperty('email');
    },
  );

  it.each([
    ['de-AT', 'de'],
    ['AR_eg', 'ar'],
    ['es', 'es'],
    ['fr-FR', undefined],
    ['deutsch', undefined],
    [17, undefined],
  ])('is written to in the language of a new one: locale %j is %s', async (locale, language) => {
    await open();
    await own.signIn({ ...ada, claims: { ...ada.claims, locale } });
    expect((await own.people())[0]?.language).toBe(language);
  });

  it('keeps the language that they chose here', async () => {
    await open();
    await own.add({ language: 'es' });
    await own.signIn({ ...ada, claims: { ...ada.claims, locale: 'de' } });
    expect(await own.people()).toMatchObject([{ language: 'es' }]);
  });

  it('gives nobody an account that another subject of the provider has', async () => {
    await open();
    await own.signIn();
    // The provider knows the first browser as somebody else.
    own.browser = new CookieBrowser();
    expect(failureAt(await own.signIn({ ...ada, sub: 'the next Ada' }))).toBe('other_account');
    expect(await own.people()).toHaveLength(1);
  });

  it('replaces the subject of a provider of former times', async () => {
    await open();
    await own.add({ openIdSubject: 'https://old.example.org 17' });
    await own.signIn();
    expect(await own.people()).toMatchObject([{ openIdSubject: `${own.provider.issuer} ada` }]);
  });

  it('makes one account of two sign-ins at the same time', async () => {
    await open();
    own.provider.subject = ada;
    const [first, second] = [own.browser, new CookieBrowser()];
    const one = await own.comeBack();
    own.browser = second;
    const two = await own.comeBack();
    await Promise.all([own.finish(one, first), own.finish(two, second)]);
    expect(await own.people()).toHaveLength(1);
  });

  it('admits nobody who is disabled', async () => {
    await open();
    await own.add({ disabled: true });
    expect(failureAt(await own.signIn())).toBe('account_disabled');
    expect((await own.refresh()).status).toBe(401);
  });

  it.each([
    [['staff', 'leads'], 'manager'],
    ['it', 'admin'],
    [['staff', 'unknown'], 'user'],
  ])('gives the highest role of the claim: %j makes %s', async (groups, role) => {
    await open({ roles: byGroups });
    await own.signIn({ ...ada, claims: { ...ada.claims, groups } });
    expect(await own.people()).toMatchObject([{ role }]);
  });

  it.each([undefined, [], ['constructor'], 'staff,it', { it: true }])(
    'admits nobody without a role: %j',
    async (groups) => {
      await open({ roles: byGroups });
      expect(failureAt(await own.signIn({ ...ada, claims: { ...ada.claims, groups } }))).toBe('no_role');
      expect(await own.people()).toEqual([]);
    },
  );

  it('finds a role deep in a claim, and changes it at each sign-in', async () => {
    await open({ roles: { claim: ['realm', 'roles'], byValue: { it: 'admin', staff: 'user' } } });
    const withRoles = (roles: string[]) => ({ ...ada, claims: { ...ada.claims, realm: { roles } } });
    await own.add({ role: 'admin', email: 'root@example.org' });
    await own.signIn(withRoles(['it']));
    expect(await own.people()).toContainEqual(expect.objectContaining({ name: 'Ada Lovelace', role: 'admin' }));
    await own.signIn(withRoles(['staff']));
    expect(await own.people()).toContainEqual(expect.objectContaining({ name: 'Ada Lovelace', role: 'user' }));
  });

  it('does not demote the last administrator', async () => {
    await open({ roles: byGroups });
    await own.add({ role: 'admin' });
    expect((await own.signIn({ ...ada, claims: { ...ada.claims, groups: ['staff'] } })).hash).toBe('#signed-in');
    expect(await own.people()).toMatchObject([{ role: 'admin' }]);
    expect(own.test.lines.map(({ message }) => message)).toContainEqual(expect.stringContaining('last administrator'));
  });
});
