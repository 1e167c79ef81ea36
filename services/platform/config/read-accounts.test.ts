import { describe, expect, it } from 'vitest';
import { ConfigError, type Environment, loadConfig } from './load-config.ts';

function problemsOf(env: Environment): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const provider = { OIDC_ISSUER: 'https://login.example.org', OIDC_CLIENT_ID: 'lamplight' };

describe('the settings of accounts', () => {
  it('are read', () => {
    const { accounts } = loadConfig({
      ...provider,
      JWT_SECRET: `${'a'.repeat(32)}, ${'b'.repeat(32)},${'a'.repeat(32)}`,
      ADMIN_EMAIL: ' Head@Example.org ',
      ADMIN_PASSWORD: 'the lamp of the evening',
      REGISTRATION: 'invite',
      GUESTS: 'off',
      SESSION_DAYS: '7',
      OIDC_ROLE_CLAIM: 'realm.groups',
      OIDC_ROLES: 'cn=it=admin, staff=user',
    });
    expect(accounts).toMatchObject({
      jwtSecrets: ['a'.repeat(32), 'b'.repeat(32)],
      admin: { email: 'head@example.org', password: 'the lamp of the evening' },
      registration: 'invite',
      guests: false,
      sessionMs: 7 * 24 * 3_600_000,
      openId: { roles: { claim: ['realm', 'groups'], byValue: { 'cn=it': 'admin', staff: 'user' } } },
    });
  });

  it('name an administrator of the host that people type, where they name none', () => {
    expect(loadConfig({ PUBLIC_URL: 'https://chat.example.org' }).accounts.admin).toEqual({
      email: 'admin@chat.example.org',
    });
  });

  it.each<[Environment, RegExp]>([
    [{ JWT_SECRET: `${'a'.repeat(32)},${'b'.repeat(31)}` }, /^JWT_SECRET: holds a secret of less than 32 characters/],
    [{ ADMIN_EMAIL: 'head' }, /^ADMIN_EMAIL: "head" is not an e-mail address/],
    [{ ADMIN_EMAIL: `${'a'.repeat(250)}@x.org` }, /^ADMIN_EMAIL: .* is not an e-mail address/],
    [{ ADMIN_PASSWORD: 'eleven char' }, /^ADMIN_PASSWORD: has not 12 to 256 characters/],
    [{ ADMIN_PASSWORD: 'a'.repeat(257) }, /^ADMIN_PASSWORD: has not 12 to 256 characters/],
    [{ OIDC_ISSUER: 'https://login.example.org' }, /^OIDC_CLIENT_ID: is missing/],
    [{ OIDC_CLIENT_ID: 'lamplight' }, /^OIDC_ISSUER: is missing/],
    [{ ...provider, OIDC_SCOPES: 'email profile' }, /^OIDC_SCOPES: "email profile" lacks openid/],
    [{ ...provider, OIDC_ROLES: 'staff=user' }, /^OIDC_ROLE_CLAIM: is missing/],
    [{ ...provider, OIDC_ROLE_CLAIM: 'groups' }, /^OIDC_ROLES: is missing/],
    [{ ...provider, OIDC_ROLE_CLAIM: 'groups', OIDC_ROLES: 'all=guest' }, /^OIDC_ROLES: "all=guest" is not value=role/],
  ])('are refused where they cannot be meant: %o', (env, problem) => {
    const problems = problemsOf(env);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });
});
