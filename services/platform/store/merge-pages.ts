import { cursorAt, type Sort } from './cursor.ts';
import { parsePath, readPath } from './paths.ts';
import type { Doc, Find, Page } from './store.ts';

export type PageQuery = Pick<Find, 'limit' | 'cursor'> & { readonly sort: NonNullable<Find['sort']> };

/**
 * Several queries as one list, for what one index does not find: each is asked for a page by the same sort and from the same
 * cursor, and what more than one of them finds comes once. The fields sorted by are numbers that every document has; `_id`
 * breaks ties.
 */
export async function mergePages<T extends Doc>(
  query: PageQuery,
  reads: ReadonlyArray<(query: PageQuery) => Promise<Page<T>>>,
): Promise<Page<T>> {
  const pages = await Promise.all(reads.map((read) => read(query)));
  const found = new Map(pages.flatMap(({ items }) => items.map((doc) => [doc._id, doc])));
  const sorted = [...found.values()].toSorted(orderOf(query.sort));
  const items = sorted.slice(0, query.limit);
  const last = items.at(-1);
  const more = sorted.length > items.length || pages.some(({ nextCursor }) => nextCursor !== undefined);
  const sort: Sort = { by: [...query.sort.by, '_id'], direction: query.sort.direction };
  return { items, ...(more && last && { nextCursor: cursorAt(sort, last) }) };
}

function orderOf({ by, direction }: PageQuery['sort']): (a: Doc, b: Doc) => number {
  const paths = by.map(parsePath);
  const up = direction === 'asc' ? 1 : -1;
  return (a, b) => {
    for (const path of paths) {
      const difference = Number(readPath(a, path)) - Number(readPath(b, path));
      if (difference !== 0) return up * difference;
    }
    return up * Buffer.compare(Buffer.from(a._id), Buffer.from(b._id));
  };
}
