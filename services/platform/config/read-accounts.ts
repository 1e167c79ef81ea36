import { email as emailAddress, newPassword } from '#contract/accounts.ts';
import type { AccountsConfig, OpenIdConfig } from './config.ts';
import { type AddProblem, quote, type SettingReader } from './setting-reader.ts';

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;
/** As long as the hash that they key: RFC 7518, section 3.2. */
const minSecretCharacters = 32;
const roles = ['user', 'manager', 'admin'] as const;
const isRole = (text: string | undefined): text is (typeof roles)[number] => roles.some((role) => role === text);

/** Accounts: who signs in, how, and what signs what they are given. `publicUrl`: checked before. */
export function readAccounts(read: SettingReader, addProblem: AddProblem, publicUrl: string): AccountsConfig {
  const password = read.text('ADMIN_PASSWORD');
  if (password !== undefined && !newPassword.safeParse(password).success)
    addProblem('ADMIN_PASSWORD', 'has not 12 to 256 characters. Write another one, or unset it to have one made.');
  const openId = readOpenId(read, addProblem);
  return {
    jwtSecrets: readSecrets(read.text('JWT_SECRET') ?? '', addProblem),
    admin: { email: readEmail(read, addProblem, publicUrl), ...(password !== undefined && { password }) },
    registration: read.oneOf('REGISTRATION', ['open', 'invite', 'closed']),
    guests: read.oneOf('GUESTS', ['on', 'off']) === 'on',
    sessionMs: read.integer('SESSION_DAYS', { min: 1, max: 3650 }) * day,
    guestSessionMs: read.integer('GUEST_SESSION_MINUTES', { min: 1, max: 525_600 }) * minute,
    ...(openId && { openId }),
  };
}

function readSecrets(text: string, addProblem: AddProblem): readonly string[] {
  const secrets = text
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
  if (secrets.some((secret) => secret.length < minSecretCharacters))
    addProblem(
      'JWT_SECRET',
      `holds a secret of less than ${minSecretCharacters} characters. Write random ones, such as \`openssl rand -hex 32\` makes.`,
    );
  return [...new Set(secrets)];
}

function readEmail(read: SettingReader, addProblem: AddProblem, publicUrl: string): string {
  const text = read.text('ADMIN_EMAIL');
  if (text === undefined) return `admin@${URL.parse(publicUrl)?.hostname ?? 'localhost'}`;
  const email = emailAddress.safeParse(text);
  if (email.success) return email.data;
  addProblem('ADMIN_EMAIL', `${quote(text)} is not an e-mail address. Write for example admin@example.org.`);
  return '';
}

function readOpenId(read: SettingReader, addProblem: AddProblem): OpenIdConfig | undefined {
  const issuer = read.webAddress('OIDC_ISSUER');
  const clientId = read.text('OIDC_CLIENT_ID')?.trim();
  if (issuer === undefined && clientId === undefined) return undefined;
  if (issuer === undefined || clientId === undefined) {
    const missing = issuer === undefined ? 'OIDC_ISSUER' : 'OIDC_CLIENT_ID';
    addProblem(missing, 'is missing, while the other of OIDC_ISSUER and OIDC_CLIENT_ID is set. Set both, or neither.');
    return undefined;
  }
  const clientSecret = read.text('OIDC_CLIENT_SECRET');
  const roles = readRoles(read, addProblem);
  const scopes = read.text('OIDC_SCOPES') ?? '';
  if (!scopes.split(/\s+/).includes('openid'))
    addProblem('OIDC_SCOPES', `${quote(scopes)} lacks openid. Write for example openid email profile.`);
  return {
    issuer,
    clientId,
    ...(clientSecret !== undefined && { clientSecret }),
    name: read.text('OIDC_NAME') ?? '',
    scopes,
    ...(roles && { roles }),
  };
}

function readRoles(read: SettingReader, addProblem: AddProblem): OpenIdConfig['roles'] {
  const claim = read.text('OIDC_ROLE_CLAIM')?.trim();
  const text = read.text('OIDC_ROLES');
  if (claim === undefined && text === undefined) return undefined;
  if (claim === undefined || text === undefined) {
    const missing = claim === undefined ? 'OIDC_ROLE_CLAIM' : 'OIDC_ROLES';
    addProblem(missing, 'is missing, while the other of OIDC_ROLE_CLAIM and OIDC_ROLES is set. Set both, or neither.');
    return undefined;
  }
  const byValue: Record<string, (typeof roles)[number]> = {};
  for (const pair of text.split(',')) {
    const at = pair.lastIndexOf('=');
    const value = pair.slice(0, at).trim();
    const role = pair.slice(at + 1).trim();
    if (at < 1 || value === '' || !isRole(role))
      addProblem(
        'OIDC_ROLES',
        `${quote(pair.trim())} is not value=role with user, manager or admin. Write for example staff=user.`,
      );
    else byValue[value] = role;
  }
  return { claim: claim.split('.'), byValue };
}
