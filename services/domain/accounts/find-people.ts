import type { z } from 'zod';
import type { person, personPage } from '#contract/accounts.ts';
import { roles } from '#contract/accounts.ts';
import type { personQuery } from '#contract/administration.ts';
import { notFound } from '#platform/errors.ts';
import { mergePages, type PageQuery } from '#platform/store/merge-pages.ts';
import type { AccountRecords } from './account-records.ts';
import { type PresentedPerson, presentedFields, presentPerson } from './present-person.ts';

type People = Pick<AccountRecords, 'people'>;
const latestFirst = { by: ['createdAt'], direction: 'desc' } as const;
/** Guests come and go by the thousand: they are listed where somebody asks for them. */
const withAccount = roles.filter((role) => role !== 'guest');

/**
 * People, the newest first; with `q`, those in whose name or address each of its words begins a word. Guests come where `role` asks
 * for them, deleted people never. Throws `invalid_cursor`.
 */
export async function listPeople(
  { people }: People,
  { q, role, disabled, limit, cursor }: z.output<typeof personQuery>,
): Promise<z.output<typeof personPage>> {
  const reads = (role === undefined ? withAccount : [role]).map((each) => {
    const where = { deleted: false, role: each, ...(disabled !== undefined && { disabled }) };
    return (query: PageQuery) => {
      const find = { ...query, where, fields: presentedFields };
      return q?.trim() ? people.search(q, find) : people.find(find);
    };
  });
  const { items, ...rest } = await mergePages({ sort: latestFirst, limit, cursor }, reads);
  return { items: items.map(presentPerson), ...rest };
}

/** Throws `not_found`. */
export async function getPerson(records: People, id: string): Promise<z.output<typeof person>> {
  return presentPerson(await findPerson(records, id));
}

/** Throws `not_found`, for deleted people too. */
export async function findPerson({ people }: People, id: string): Promise<PresentedPerson> {
  const found = await people.get(id, presentedFields);
  if (!found || found.deleted) throw notFound('person');
  return found;
}
