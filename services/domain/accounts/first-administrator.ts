import { randomInt } from 'node:crypto';
import type { AccountsConfig } from '#platform/config/config.ts';
import { isAppError } from '#platform/errors.ts';
import type { AccountPorts } from './account-ports.ts';
import { administratorsId } from './account-records.ts';
import { alignAdministrator, changeRole, enable } from './administrators.ts';
import { personByEmail } from './find-person.ts';

export interface FirstAdministrator {
  readonly email: string;
  /** Only where it was made here: it is known nowhere else. */
  readonly generatedPassword?: string;
}

/**
 * Creates the administrator where there is none, as on the first start; of several processes that start at once, one does. Whoever has
 * the address already becomes it, with the password that they have, and is enabled: nobody else could do that. Throws `common_password` for a given one that is too easily guessed.
 */
export async function createFirstAdministrator(
  accounts: AccountPorts,
  { email, password }: AccountsConfig['admin'],
): Promise<FirstAdministrator | undefined> {
  const { records, passwords, newId, clock } = accounts;
  if (((await records.administrators.get(administratorsId))?.count ?? 0) > 0) return undefined;
  const name = 'Administrator';
  if (password !== undefined) await passwords.requireUncommon(password, { email, name });
  const chosen = password ?? newPassword();
  const now = clock.now();
  const _id = newId();
  try {
    const given = { _id, name, role: 'admin', email, passwordHash: await passwords.hash(chosen) } as const;
    const rest = { timeZone: 'UTC', disabled: false, deleted: false, createdAt: now, lastSeenAt: now };
    await records.people.insert({ ...given, ...rest });
  } catch (error) {
    if (!isAppError(error, 'conflict')) throw error;
    await promote(accounts, email);
    return { email };
  }
  await alignAdministrator(records, _id);
  return { email, ...(password === undefined && { generatedPassword: chosen }) };
}

async function promote(accounts: AccountPorts, email: string): Promise<void> {
  const person = await personByEmail(accounts, email);
  if (!person) throw new Error('The address of the administrator is taken by nobody.');
  await changeRole(accounts, person._id, 'admin');
  await enable(accounts, person._id);
  await alignAdministrator(accounts.records, person._id);
}

/** Letters and digits that no font makes alike; 24 of them hold 118 bits. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
const newPassword = (): string =>
  Array.from({ length: 4 }, () => Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('')).join(
    '-',
  );
