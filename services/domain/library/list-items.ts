import { AppError } from '#platform/errors.ts';
import type { Collection, Doc, Page } from '#platform/store/store.ts';
import { libraryOwner } from './library-records.ts';

export interface ListQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

type Item = Doc & { readonly ownerId: string; readonly createdAt: number };

/** In which of the two parts the next page begins, and where in it; its very beginning without a `place`. */
interface Position {
  readonly part: 'mine' | 'library';
  readonly place?: string;
}

/** A person's own, the latest first, then the library's, as one list. Throws `invalid_cursor`. */
export async function listItems<T extends Item>(
  collection: Collection<T>,
  personId: string,
  { cursor, limit }: ListQuery,
): Promise<Page<T>> {
  const { part, place } = cursor === undefined ? ({ part: 'mine' } as Position) : parse(cursor);
  if (part === 'library') return libraryPage(collection, place, limit);
  const mine = await collection.find({
    where: { ownerId: personId },
    sort: { by: ['createdAt'], direction: 'desc' },
    limit,
    cursor: place,
  });
  if (mine.nextCursor !== undefined) return { items: mine.items, nextCursor: `mine.${mine.nextCursor}` };
  const room = limit - mine.items.length;
  const rest = await libraryPage(collection, undefined, Math.max(room, 1));
  if (room > 0) return { ...rest, items: [...mine.items, ...rest.items] };
  return { items: mine.items, ...(rest.items.length > 0 && { nextCursor: 'library.' }) };
}

async function libraryPage<T extends Item>(
  collection: Collection<T>,
  place: string | undefined,
  limit: number,
): Promise<Page<T>> {
  const where = { ownerId: libraryOwner };
  const sort = { by: ['createdAt'], direction: 'asc' } as const;
  const { items, nextCursor } = await collection.find({ where, sort, limit, cursor: place });
  return { items, ...(nextCursor !== undefined && { nextCursor: `library.${nextCursor}` }) };
}

function parse(cursor: string): Position {
  const [, part, place] = /^(mine|library)\.([\w-]*)$/.exec(cursor) ?? [];
  if (part === 'mine' && place) return { part, place };
  if (part === 'library') return { part, ...(place && { place }) };
  throw new AppError('invalid_cursor');
}
