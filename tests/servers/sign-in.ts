import type { Role } from '#contract/accounts.ts';
import type { AccountPorts } from '#domain/accounts/account-ports.ts';
import type { PersonRecord } from '#domain/accounts/account-records.ts';
import { alignAdministrator } from '#domain/accounts/administrators.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import type { Grant } from '#domain/accounts/sessions.ts';

/** Who signs in: somebody new, a guest where nothing else is said. */
export interface SignIn {
  readonly name?: string;
  readonly role?: Role;
  /** Beside, or in place of, what a new person has. */
  readonly person?: Partial<PersonRecord>;
}

/** A new person, signed in, whatever the ways to become one are. */
export async function signInGrant(accounts: AccountPorts, options: string | SignIn = {}): Promise<Grant> {
  const { name = 'Ada', role = 'guest', person = {} } = typeof options === 'string' ? { name: options } : options;
  const now = accounts.clock.now();
  const record: PersonRecord = {
    _id: accounts.newId(),
    name,
    role,
    timeZone: 'UTC',
    disabled: false,
    deleted: false,
    createdAt: now,
    lastSeenAt: now,
    ...person,
  };
  await accounts.records.people.insert(record);
  await alignAdministrator(accounts.records, record._id);
  return accounts.sessions.start(record, { device: 'A test' });
}

export const signIn = async (accounts: AccountPorts, options?: string | SignIn): Promise<Principal> =>
  accounts.sessions.authenticate((await signInGrant(accounts, options)).accessToken);
