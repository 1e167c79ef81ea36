import type { ChatPorts } from '#domain/chat/chat-ports.ts';
import { deleteConversationsOf } from '#domain/chat/delete-chat-of.ts';
import { notFound } from '#platform/errors.ts';
import type { Where } from '#platform/store/store.ts';
import type { AccountPorts } from './account-ports.ts';
import type { PersonRecord } from './account-records.ts';
import { administers, alignAdministrator, leaveAdministrators } from './administrators.ts';
import { getPerson } from './find-person.ts';
import type { Principal } from './principal.ts';
import type { Asker } from './register.ts';
import { requirePassword } from './reset-password.ts';
import { tellPersonChanged } from './tell-processes.ts';

/** As many of a person's latest conversations are ended with the request itself: among them are those with an answer under way. */
const atOnce = 20;

/** Deletes one's own account. Throws `wrong_credentials` where it has a password and another came, `last_administrator`. */
export async function deleteOwnAccount(
  accounts: AccountPorts,
  chat: ChatPorts,
  principal: Principal,
  { password }: { readonly password?: string | undefined },
  { address }: Asker,
): Promise<void> {
  const event = { action: 'account_delete', actorId: principal.id, subjectId: principal.id, address } as const;
  const { passwordHash } = await getPerson(accounts, principal.id);
  if (passwordHash !== undefined) {
    await requirePassword(accounts, principal.id, password ?? '').catch(async (error: unknown) => {
      await accounts.audit.record({ ...event, outcome: 'failure' });
      throw error;
    });
  }
  await deletePerson(accounts, chat, principal.id);
  await accounts.audit.record({ ...event, outcome: 'success' });
}

/**
 * Deletes a person: nobody signs in as them from now on, their sessions, keys and links end, their answers stop, and their name and
 * address are gone. The sweep removes all else. Throws `not_found`, `last_administrator`.
 */
export async function deletePerson(accounts: AccountPorts, chat: ChatPorts, personId: string): Promise<void> {
  const person = await getPerson(accounts, personId);
  if (administers(person)) await leaveAdministrators(accounts.records, personId);
  const deleted = await leaveTombstone(accounts, person, {});
  await alignAdministrator(accounts.records, personId);
  if (!deleted) throw notFound('person');
  await endAllOf(accounts, chat, person);
}

/** Deletes somebody who is a guest still; false where they are not. */
export async function deleteGuest(accounts: AccountPorts, chat: ChatPorts, guest: PersonRecord): Promise<boolean> {
  if (!(await leaveTombstone(accounts, guest, { role: 'guest' }))) return false;
  await endAllOf(accounts, chat, guest);
  return true;
}

/** The tombstone holds nothing that tells who it was; `lastSeenAt` is when it was left. */
async function leaveTombstone(
  { records, clock }: AccountPorts,
  { _id }: PersonRecord,
  condition: Where,
): Promise<boolean> {
  const set = { deleted: true, disabled: true, name: '', timeZone: 'UTC', lastSeenAt: clock.now() };
  const unset = ['email', 'passwordHash', 'openIdSubject', 'dailyTokenBudget'];
  return (await records.people.update(_id, { set, unset }, { ...condition, deleted: false }, ['role'])) !== undefined;
}

/** What is still missing after a stop in between, the sweep does. */
async function endAllOf(accounts: AccountPorts, chat: ChatPorts, { _id, email }: PersonRecord): Promise<void> {
  await tellPersonChanged(accounts, _id);
  if (email !== undefined)
    await accounts.records.links.deleteWhere({ email, kind: { in: ['reset', 'verify'] } }, 1_000);
  await endCredentials(accounts, _id);
  await deleteConversationsOf(chat, _id, atOnce);
}

export async function endCredentials({ sessions, apiKeys, records }: AccountPorts, personId: string): Promise<void> {
  await sessions.endAllOf(personId);
  await apiKeys.endAllOf(personId);
  await records.links.deleteWhere({ 'registration.guestId': personId }, 1_000);
}
