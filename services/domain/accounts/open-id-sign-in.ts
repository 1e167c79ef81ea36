import type { Role } from '#contract/accounts.ts';
import type { OpenIdConfig } from '#platform/config/config.ts';
import { AppError, isAppError } from '#platform/errors.ts';
import type { AccountPorts } from './account-ports.ts';
import type { PersonRecord } from './account-records.ts';
import { alignAdministrator, changeRole } from './administrators.ts';
import { personByEmail } from './find-person.ts';
import { type Identity, identityOf, roleOf, subjectPrefix } from './open-id-claims.ts';
import { OpenIdError } from './open-id-failure.ts';
import type { Claims } from './open-id-provider.ts';
import type { Grant } from './sessions.ts';

/** Somebody else may change the same person at the same time; then it is looked at again. */
const tries = 3;

export interface OpenIdSignIn {
  readonly config: OpenIdConfig;
  readonly claims: Claims;
  /** The browser in words. */
  readonly device: string;
  /** The client's network address. */
  readonly address?: string | undefined;
}

/** Signs in whom the provider vouches for: somebody known, or a new person. Throws `OpenIdError`. */
export async function signInByOpenId(
  accounts: AccountPorts,
  { config, claims, device, address }: OpenIdSignIn,
): Promise<Grant> {
  const { sessions, audit } = accounts;
  try {
    const role = roleOf(claims, config.roles);
    if (role === undefined) throw new OpenIdError('no_role', 'none of the roles is given');
    const identity = identityOf(claims);
    const person = await repeated(() => admit(accounts, config, identity, role));
    const grant = await sessions.start(person, { device });
    await audit.record({ action: 'openid_sign_in', outcome: 'success', actorId: person._id, address });
    return grant;
  } catch (error) {
    if (error instanceof OpenIdError) {
      const details = { reason: error.failure };
      await audit.record({ action: 'openid_sign_in', outcome: 'failure', details, address });
    }
    throw error;
  }
}

async function repeated<T>(work: () => Promise<T>, left = tries - 1): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isAppError(error, 'conflict') || left === 0) throw error;
    return repeated(work, left - 1);
  }
}

/** The person, with the role that the provider gives. Throws `conflict` where somebody else changed the person meanwhile. */
async function admit(
  accounts: AccountPorts,
  config: OpenIdConfig,
  identity: Identity,
  role: Role,
): Promise<PersonRecord> {
  const known = (await bySubject(accounts, identity)) ?? (await byEmail(accounts, identity));
  if (!known) return create(accounts, identity, role);
  if (known.disabled) throw new OpenIdError('account_disabled', 'the account is disabled');
  // Without a mapping, roles are given here.
  if (!config.roles || known.role === role) return known;
  return giveRole(accounts, known, role);
}

async function bySubject({ records }: AccountPorts, { subject }: Identity): Promise<PersonRecord | undefined> {
  const { items } = await records.people.find({ where: { openIdSubject: subject }, limit: 1 });
  return items[0];
}

/**
 * Whoever has this verified address here begins to sign in through the provider too. One who does so already as somebody else there
 * stays that: addresses are given to others at times. Subjects of an issuer of former times are replaced.
 */
async function byEmail(
  accounts: AccountPorts,
  { email, subject, issuer }: Identity,
): Promise<PersonRecord | undefined> {
  if (email === undefined) return undefined;
  const known = await personByEmail(accounts, email);
  if (!known || known.deleted) return undefined;
  if (known.disabled) return known;
  const { _id, openIdSubject } = known;
  if (openIdSubject?.startsWith(subjectPrefix(issuer)))
    throw new OpenIdError('other_account', 'the address belongs to another subject');
  const unchanged = { email, deleted: false, openIdSubject: openIdSubject ?? { absent: true as const } };
  const linked = await accounts.records.people.update(_id, { set: { openIdSubject: subject } }, unchanged);
  if (!linked) throw new AppError('conflict');
  return linked;
}

async function create(
  { records, clock, newId }: AccountPorts,
  { subject, email, name, timeZone, language }: Identity,
  role: Role,
): Promise<PersonRecord> {
  const now = clock.now();
  const person: PersonRecord = {
    _id: newId(),
    name,
    role,
    ...(email !== undefined && { email }),
    openIdSubject: subject,
    timeZone,
    ...(language !== undefined && { language }),
    disabled: false,
    deleted: false,
    createdAt: now,
    lastSeenAt: now,
  };
  await records.people.insert(person);
  if (role === 'admin') await alignAdministrator(records, person._id);
  return person;
}

/** The last administrator stays one, whatever the provider says: nobody could mend it otherwise. */
async function giveRole(accounts: AccountPorts, person: PersonRecord, role: Role): Promise<PersonRecord> {
  const { audit, logger } = accounts;
  try {
    const changed = await changeRole(accounts, person._id, role);
    const details = { from: person.role, to: role, by: 'openid' };
    await audit.record({ action: 'role_change', outcome: 'success', subjectId: person._id, details });
    return changed;
  } catch (error) {
    if (!isAppError(error, 'last_administrator')) throw error;
    logger.warn('The OpenID provider gives the last administrator a lower role: the role stays.', {
      'event.action': 'openid_sign_in',
      'user.id': person._id,
    });
    return person;
  }
}
