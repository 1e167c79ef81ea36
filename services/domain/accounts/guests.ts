import type { Language } from '#contract/accounts.ts';
import { AppError } from '#platform/errors.ts';
import type { AccountPorts } from './account-ports.ts';
import type { PersonRecord } from './account-records.ts';
import type { Grant } from './sessions.ts';

export interface NewGuest {
  readonly name: string;
  readonly timeZone?: string | undefined;
  readonly language?: Language | undefined;
  /** The browser or program in words. */
  readonly device: string;
  /** The client's network address. */
  readonly address?: string | undefined;
}

/** Somebody who gives a name alone, signed in. Throws `guests_closed`. */
export async function startGuest(accounts: AccountPorts, guest: NewGuest): Promise<Grant> {
  const { records, runtime, audit, clock, newId, sessions } = accounts;
  const { name, timeZone = 'UTC', language, device, address } = guest;
  if (!runtime.current().guests) throw new AppError('guests_closed');
  const now = clock.now();
  const person: PersonRecord = {
    _id: newId(),
    name,
    role: 'guest',
    timeZone,
    ...(language !== undefined && { language }),
    disabled: false,
    deleted: false,
    createdAt: now,
    lastSeenAt: now,
  };
  await records.people.insert(person);
  const grant = await sessions.start(person, { device });
  await audit.record({ action: 'guest_sign_in', outcome: 'success', actorId: person._id, address });
  return grant;
}
