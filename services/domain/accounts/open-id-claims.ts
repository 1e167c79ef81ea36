import {
  roles as allRoles,
  email as emailSchema,
  type Language,
  languages,
  type Role,
  timeZone as timeZoneSchema,
} from '#contract/accounts.ts';
import type { OpenIdConfig } from '#platform/config/config.ts';
import type { Claims } from './open-id-provider.ts';

const maxNameLength = 60;

/** Who the provider says that somebody is, as Lamplight takes it. */
export interface Identity {
  /** Issuer and subject, which nobody else ever has (OpenID Connect Core 1.0, section 5.7). */
  readonly subject: string;
  readonly issuer: string;
  /** Only one that the provider has verified: anybody may claim another. */
  readonly email?: string;
  readonly name: string;
  readonly timeZone: string;
  /** Where the provider names one that people are written to in. */
  readonly language?: Language;
}

/** How every subject of an issuer begins. */
export const subjectPrefix = (issuer: string): string => `${issuer} `;

export function identityOf(claims: Claims): Identity {
  const { iss, sub } = claims;
  const zone = timeZoneSchema.safeParse(claims['zoneinfo']);
  const address = emailSchema.safeParse(claims['email']);
  const email = claims['email_verified'] === true && address.success ? address.data : undefined;
  const language = languageOf(claims['locale']);
  return {
    subject: subjectPrefix(iss) + sub,
    issuer: iss,
    ...(email !== undefined && { email }),
    name: nameOf(claims, email),
    timeZone: zone.success ? zone.data : 'UTC',
    ...(language !== undefined && { language }),
  };
}

/** The language of a BCP 47 tag such as `de-AT`; some providers write `de_AT` (OpenID Connect Core 1.0, section 5.1). */
function languageOf(locale: unknown): Language | undefined {
  if (typeof locale !== 'string') return undefined;
  const [primary = ''] = locale.toLowerCase().split(/[-_]/, 1);
  return languages.find((language) => language === primary);
}

/** The highest role that the provider gives; undefined where it gives none. Without a mapping, everybody is a user. */
export function roleOf(claims: Claims, mapping: OpenIdConfig['roles']): Role | undefined {
  if (!mapping) return 'user';
  const values = [valueAt(claims, mapping.claim)].flat();
  const given = values.flatMap((value) =>
    typeof value === 'string' && Object.hasOwn(mapping.byValue, value) ? [mapping.byValue[value]] : [],
  );
  return allRoles.findLast((role) => given.some((each) => each === role));
}

/** A claim by its path; one whose own name holds dots (`https://example.org/roles`) is found by that first. */
function valueAt(claims: Claims, path: readonly string[]): unknown {
  const whole = path.join('.');
  if (Object.hasOwn(claims, whole)) return claims[whole];
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined,
    claims,
  );
}

function nameOf(claims: Claims, email: string | undefined): string {
  const candidates = [claims['name'], claims['given_name'], claims['preferred_username'], email?.split('@')[0]];
  for (const candidate of candidates) {
    if (typeof candidate !== 'string') continue;
    const name = candidate.toWellFormed().trim().slice(0, maxNameLength).toWellFormed().trim();
    if (name !== '') return name;
  }
  return 'Somebody';
}
