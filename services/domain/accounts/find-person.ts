import { notFound } from '#platform/errors.ts';
import type { AccountPorts } from './account-ports.ts';
import type { PersonRecord } from './account-records.ts';

/** Whoever has this address, in lower case. */
export async function personByEmail({ records }: AccountPorts, email: string): Promise<PersonRecord | undefined> {
  const { items } = await records.people.find({ where: { email: email.toLowerCase() }, limit: 1 });
  return items[0];
}

/** Throws `not_found`, also for one who was deleted. */
export async function getPerson({ records }: AccountPorts, id: string): Promise<PersonRecord> {
  const person = await records.people.get(id);
  if (!person || person.deleted) throw notFound('person');
  return person;
}
