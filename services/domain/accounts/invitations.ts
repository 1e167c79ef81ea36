import type { Role } from '#contract/accounts.ts';
import { AppError, notFound } from '#platform/errors.ts';
import type { Page } from '#platform/store/store.ts';
import type { AccountPorts } from './account-ports.ts';
import type { LinkRecord, PersonRecord } from './account-records.ts';
import { administers, alignAdministrator } from './administrators.ts';
import { personByEmail } from './find-person.ts';
import { addLink, findLink, linkInvalid, spendLink } from './links.ts';
import { type Asker, addPerson, type Registration, requireRegistration } from './register.ts';

export type InvitationRecord = LinkRecord & { readonly role: Role };

const isInvitation = (link: LinkRecord): link is InvitationRecord => link.role !== undefined;

/**
 * Invites an address by mail; an earlier invitation of it ends. `invitedBy`: the id of the administrator. Throws `conflict` where it has
 * an account, `registration_closed`.
 */
export async function invitePerson(
  accounts: AccountPorts,
  { email, role, invitedBy }: Pick<InvitationRecord, 'email'> & { role: Exclude<Role, 'guest'>; invitedBy: string },
): Promise<InvitationRecord> {
  requireRegistration(accounts, ['open', 'invite']);
  if (await personByEmail(accounts, email)) {
    throw new AppError('conflict', 'Somebody has an account with this address already.');
  }
  await accounts.records.links.deleteWhere({ email, kind: 'invite' }, 1_000);
  return { ...(await addLink(accounts, { kind: 'invite', email, role, invitedBy })), role };
}

/** Those that nobody has answered yet and that still can be, the latest first. */
export async function listInvitations(
  { records, clock }: AccountPorts,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<InvitationRecord>> {
  const { items, ...rest } = await records.links.find({
    where: { kind: 'invite' },
    sort: { by: ['createdAt'], direction: 'desc' },
    limit,
    cursor,
  });
  const now = clock.now();
  return { items: items.filter(isInvitation).filter(({ expiresAt }) => expiresAt > now), ...rest };
}

/** Throws `not_found`, also for one that was answered. */
export async function withdrawInvitation({ records }: AccountPorts, id: string): Promise<void> {
  if (!(await records.links.delete(id, { kind: 'invite' }))) throw notFound('invitation');
}

/**
 * Begins the account of an invitation; one of a manager or administrator only while whoever invited them administers, so that nobody
 * comes back by an invitation of their own. Throws `link_invalid`, `common_password`, `registration_closed`, and `conflict` where the
 * address has an account by now.
 */
export async function acceptInvitation(
  accounts: AccountPorts,
  answer: Omit<Registration, 'email'> & { readonly token: string },
  { address }: Asker,
): Promise<PersonRecord> {
  const { token, name, password, timeZone, language } = answer;
  const link = await findLink(accounts, 'invite', token);
  requireRegistration(accounts, ['open', 'invite']);
  const { email, role } = link;
  if (role === undefined || !(await mayStillGive(accounts, link))) throw linkInvalid();
  await accounts.passwords.requireUncommon(password, { email, name });
  const passwordHash = await accounts.passwords.hash(password);
  if (await personByEmail(accounts, email))
    throw new AppError('conflict', 'There is an account with this address. Sign in.');
  await spendLink(accounts, link);
  const person = await addPerson(accounts, { _id: link._id, name, role, email, passwordHash, timeZone, language });
  await alignAdministrator(accounts.records, person._id);
  const event = {
    action: 'invitation_accept',
    outcome: 'success',
    actorId: person._id,
    subjectId: person._id,
  } as const;
  await accounts.audit.record({ ...event, details: { role }, address });
  return person;
}

async function mayStillGive({ records }: AccountPorts, { role, invitedBy }: LinkRecord): Promise<boolean> {
  if (role === 'user') return true;
  const inviter = invitedBy === undefined ? undefined : await records.people.get(invitedBy);
  return inviter !== undefined && administers(inviter);
}
