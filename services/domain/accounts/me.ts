import type { z } from 'zod';
import type { meChange, me as meReply } from '#contract/accounts.ts';
import { AppError } from '#platform/errors.ts';
import type { AccountPorts } from './account-ports.ts';
import type { PersonRecord } from './account-records.ts';
import { presentMe } from './present-account.ts';
import type { Principal } from './principal.ts';
import { tellPersonChanged } from './tell-processes.ts';

type Me = z.output<typeof meReply>;

/** What a person sees of their own account. */
export async function getMe({ records }: AccountPorts, principal: Principal): Promise<Me> {
  return presentMe(present(await records.people.get(principal.id)), principal);
}

/** Changes one's own name, time zone, language or mails; every process knows it at once. */
export async function changeMe(
  accounts: AccountPorts,
  principal: Principal,
  change: z.output<typeof meChange>,
): Promise<Me> {
  const person = present(await accounts.records.people.update(principal.id, { set: change }, { deleted: false }));
  await tellPersonChanged(accounts, principal.id);
  return presentMe(person, principal);
}

/** The account may have been deleted while the request was under way. */
function present(person: PersonRecord | undefined): PersonRecord {
  if (!person) throw new AppError('unauthenticated', 'This account does not exist any more.');
  return person;
}
