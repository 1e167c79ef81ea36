import type { z } from 'zod';
import type { personPage } from '#contract/accounts.ts';
import { roles } from '#contract/accounts.ts';
import type { personQuery } from '#contract/administration.ts';
import { mergePages, type PageQuery } from '#platform/store/merge-pages.ts';
import type { AccountRecords } from './account-records.ts';
import { presentedFields, presentPerson } from './present-person.ts';

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
