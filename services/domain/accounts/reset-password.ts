import { AppError } from '#platform/errors.ts';
import type { AccountPorts } from './account-ports.ts';
import type { PersonRecord } from './account-records.ts';
import { personByEmail } from './find-person.ts';
import { addLink, askForMail, findLink, linkInvalid, spendLink } from './links.ts';
import type { Principal } from './principal.ts';
import type { Asker } from './register.ts';
import { tellPersonChanged } from './tell-processes.ts';

/** Asks for a mail with a link to set a new password. Whether anybody has the address is looked at when the mail is sent. */
export async function forgotPassword(accounts: AccountPorts, email: string): Promise<void> {
  await addLink(accounts, { kind: 'reset', email });
}

/**
 * Sets a new password by a link of a mail, and ends every session. Throws `link_invalid`, `common_password`, and `account_disabled`;
 * a refused password or a disabled account leaves the link as it was.
 */
export async function resetPassword(
  accounts: AccountPorts,
  { token, password }: { readonly token: string; readonly password: string },
  { address }: Asker,
): Promise<PersonRecord> {
  const link = await findLink(accounts, 'reset', token);
  const person = await personByEmail(accounts, link.email);
  // One without a password signs in elsewhere, and who may is decided there.
  if (person?.email === undefined || person.passwordHash === undefined) throw linkInvalid();
  if (person.disabled) throw new AppError('account_disabled');
  await accounts.passwords.requireUncommon(password, { email: person.email, name: person.name });
  const passwordHash = await accounts.passwords.hash(password);
  await spendLink(accounts, link);
  const condition = { email: link.email, disabled: false, deleted: false };
  const changed = await accounts.records.people.update(person._id, { set: { passwordHash } }, condition);
  if (!changed) throw linkInvalid();
  await afterChange(accounts, changed);
  await accounts.audit.record({
    action: 'password_reset',
    outcome: 'success',
    actorId: person._id,
    subjectId: person._id,
    address,
  });
  return changed;
}

/** Changes one's own password. Throws `wrong_credentials` for a wrong present one, and `common_password`. */
export async function changePassword(
  accounts: AccountPorts,
  principal: Principal,
  { current, password }: { readonly current: string; readonly password: string },
  { address }: Asker,
): Promise<void> {
  const event = { action: 'password_change', actorId: principal.id, subjectId: principal.id, address } as const;
  const person = await requirePassword(accounts, principal.id, current).catch(async (error: unknown) => {
    await accounts.audit.record({ ...event, outcome: 'failure' });
    throw error;
  });
  const { email = '', name, passwordHash: before } = person;
  await accounts.passwords.requireUncommon(password, { email, name });
  const passwordHash = await accounts.passwords.hash(password);
  const condition = { deleted: false, ...(before !== undefined && { passwordHash: before }) };
  const changed = await accounts.records.people.update(person._id, { set: { passwordHash } }, condition);
  if (!changed) throw wrongPassword();
  await afterChange(accounts, changed, principal.sessionId);
  await accounts.audit.record({ ...event, outcome: 'success' });
}

/** The person, who has shown to be it by the password. Throws `wrong_credentials`, also where there is none to show. */
export async function requirePassword(
  accounts: AccountPorts,
  personId: string,
  password: string,
): Promise<PersonRecord> {
  const person = await accounts.records.people.get(personId);
  const same = await accounts.passwords.verify(person?.passwordHash, password);
  if (!same || !person || person.deleted) throw wrongPassword();
  return person;
}

const wrongPassword = () => new AppError('wrong_credentials', 'The present password is not right.');

/** Whoever knew the password before is signed out, has no link to set another, and hears of it. */
async function afterChange(accounts: AccountPorts, { _id, email }: PersonRecord, except?: string): Promise<void> {
  await accounts.sessions.endAllOf(_id, except === undefined ? {} : { except });
  if (email !== undefined) await accounts.records.links.deleteWhere({ email, kind: 'reset' }, 1_000);
  await tellPersonChanged(accounts, _id);
  await askForMail(accounts, { kind: 'password_changed', id: `${_id}_${accounts.clock.now()}` });
}
