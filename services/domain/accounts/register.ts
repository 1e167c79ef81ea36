import type { Language } from '#contract/accounts.ts';
import { AppError, isAppError } from '#platform/errors.ts';
import type { AccountPorts } from './account-ports.ts';
import type { LinkRecord, PersonRecord } from './account-records.ts';
import { addLink, findLink, linkInvalid, spendLink } from './links.ts';
import type { Principal } from './principal.ts';
import { tellPersonChanged } from './tell-processes.ts';

export interface Registration {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly timeZone?: string | undefined;
  /** Of mails, that of the confirmation first. */
  readonly language?: Language | undefined;
}

/** Where a request came from, for the audit log. */
export interface Asker {
  readonly address?: string | undefined;
}

/**
 * Takes an application for an account. What happens and how long it takes is the same whether the address is known: that is looked
 * at when the mail is sent. `by`: a guest who asks becomes the user. Throws `registration_closed`, `common_password`.
 */
export async function register(
  accounts: AccountPorts,
  { email, name, password, timeZone, language }: Registration,
  by: Principal | undefined,
  { address }: Asker,
): Promise<void> {
  requireRegistration(accounts, ['open']);
  await accounts.passwords.requireUncommon(password, { email, name });
  const passwordHash = await accounts.passwords.hash(password);
  const guestId = by?.role === 'guest' ? by.id : undefined;
  const zone = timeZone ?? by?.timeZone;
  const registration = {
    name,
    passwordHash,
    ...(zone !== undefined && { timeZone: zone }),
    ...(language !== undefined && { language }),
    ...(guestId !== undefined && { guestId }),
  };
  await addLink(accounts, { kind: 'verify', email, registration });
  await accounts.audit.record({ action: 'register', outcome: 'success', actorId: by?.id, address });
}

/** Throws `registration_closed` where accounts are not made in this way now. */
export function requireRegistration({ runtime }: AccountPorts, ways: ReadonlyArray<'open' | 'invite'>): void {
  const { registration } = runtime.current();
  if (ways.some((way) => way === registration)) return;
  throw new AppError(
    'registration_closed',
    registration === 'invite'
      ? 'Accounts are by invitation here. Ask an administrator for one.'
      : 'Nobody can make an account here.',
  );
}

/**
 * Begins the account of a link that came by mail; of a guest, in place. It asks for the password of the registration: somebody else may
 * have registered the address, would know the password of the account, and waits for its owner to follow the link. Throws
 * `link_invalid`, also where the address has an account by now, `wrong_credentials`, `registration_closed`, `account_disabled`.
 */
export async function verifyEmail(
  accounts: AccountPorts,
  { token, password }: { readonly token: string; readonly password: string },
  { address }: Asker,
): Promise<PersonRecord> {
  const link = await findLink(accounts, 'verify', token);
  requireRegistration(accounts, ['open']);
  await requireChosen(accounts, link, password);
  // First the account, under the link's own id, then the link: whoever is interrupted in between follows it again.
  const person = (await guestBecomes(accounts, link)) ?? (await begin(accounts, link));
  await spendLink(accounts, link);
  if (person.disabled) throw new AppError('account_disabled');
  await accounts.audit.record({
    action: 'email_verify',
    outcome: 'success',
    actorId: person._id,
    subjectId: person._id,
    address,
  });
  return person;
}

async function requireChosen(
  { passwords }: AccountPorts,
  { registration }: LinkRecord,
  password: string,
): Promise<void> {
  if (await passwords.verify(registration?.passwordHash, password)) return;
  throw new AppError(
    'wrong_credentials',
    'The password is not that of this registration. If somebody else made it in your name, make one of your own.',
  );
}

/** The guest who registered, a user now; undefined where there is none. */
async function guestBecomes(
  accounts: AccountPorts,
  { registration, email }: LinkRecord,
): Promise<PersonRecord | undefined> {
  if (registration?.guestId === undefined) return undefined;
  const { guestId, name, passwordHash, timeZone, language } = registration;
  const { people } = accounts.records;
  const set = { role: 'user', email, name, passwordHash, timeZone, language, lastSeenAt: accounts.clock.now() };
  const user =
    (await people.update(guestId, { set }, { role: 'guest', deleted: false }).catch(taken)) ??
    (await people.get(guestId));
  if (user?.email !== email || user.passwordHash !== passwordHash || user.deleted) return undefined;
  // They were begun with nothing but a name. Whoever was interrupted before this does it now.
  for (const { _id, guest } of await accounts.sessions.list(guestId)) if (guest) await accounts.sessions.end(_id);
  await tellPersonChanged(accounts, guestId);
  return user;
}

async function begin(accounts: AccountPorts, { _id, registration, email }: LinkRecord): Promise<PersonRecord> {
  if (!registration) throw linkInvalid();
  const { name, passwordHash, timeZone, language } = registration;
  const person = await addPerson(accounts, { _id, name, role: 'user', email, passwordHash, timeZone, language });
  // It began with this link before, and has changed since.
  if (person.passwordHash !== passwordHash) throw linkInvalid();
  return person;
}

/** Inserts a person, once under one id. Throws `link_invalid` where somebody else has the address. */
export async function addPerson(
  { records, clock }: AccountPorts,
  {
    timeZone = 'UTC',
    language,
    ...given
  }: Pick<PersonRecord, '_id' | 'name' | 'role' | 'email' | 'passwordHash'> &
    Pick<Registration, 'timeZone' | 'language'>,
): Promise<PersonRecord> {
  const now = clock.now();
  const spoken = language !== undefined && { language };
  const person = { ...given, timeZone, ...spoken, disabled: false, deleted: false, createdAt: now, lastSeenAt: now };
  await records.people.insertMissing([person]).catch(taken);
  const stored = await records.people.get(given._id);
  if (!stored || stored.deleted) throw linkInvalid();
  return stored;
}

function taken(error: unknown): never {
  throw isAppError(error, 'conflict') ? linkInvalid() : error;
}
