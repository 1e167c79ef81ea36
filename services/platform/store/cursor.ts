import { AppError } from '#platform/errors.ts';
import { parsePath, readPath } from './paths.ts';
import type { Find, Scalar } from './store.ts';

export interface Sort {
  /** Ends with `_id`. */
  readonly by: readonly string[];
  readonly direction: 'asc' | 'desc';
}

/** The values of the sort's fields in the last document of a page; null where it lacks one. Absent values come first. */
type Place = ReadonlyArray<Scalar | null>;

/** A condition on one field of a stretch. `after`: greater than the value, or less where the sort is descending. */
export type Bound =
  | { readonly path: string; readonly is: 'equal' | 'after'; readonly value: Scalar }
  | { readonly path: string; readonly is: 'null' | 'present' };

export function sortOf(query: Find): Sort {
  if (!Number.isInteger(query.limit) || query.limit < 1 || query.limit > 1000) {
    throw new Error(`A page has 1 to 1,000 documents, not ${query.limit}.`);
  }
  const by = query.sort?.by ?? [];
  return { by: by.at(-1) === '_id' ? by : [...by, '_id'], direction: query.sort?.direction ?? 'asc' };
}

const isPlaceValue = (value: unknown): value is Scalar | null =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** The cursor of the page that ends with `doc`. */
export function cursorAt(sort: Sort, doc: unknown): string {
  const place = sort.by.map((path) => readPath(doc, parsePath(path)) ?? null);
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function parseCursor(sort: Sort, cursor: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(place) && place.length === sort.by.length && place.every(isPlaceValue)) {
      if (typeof place.at(-1) === 'string') return place;
    }
  } catch (cause) {
    throw new AppError('invalid_cursor', undefined, { cause });
  }
  throw new AppError('invalid_cursor');
}

/**
 * What follows the cursor, as stretches that each lie in one piece of the sort's index, in its order: with the place
 * (a, b) first those with `a` and more than `b`, then those with more than `a`. One empty stretch without a cursor.
 */
export function stretches(sort: Sort, cursor: string | undefined): ReadonlyArray<readonly Bound[]> {
  if (cursor === undefined) return [[]];
  const place = parseCursor(sort, cursor);
  const same: Bound[] = sort.by.map((path, at) => {
    const value = place[at] ?? null;
    return value === null ? { path, is: 'null' } : { path, is: 'equal', value };
  });
  const found: Bound[][] = [];
  for (let at = sort.by.length - 1; at >= 0; at--) {
    const path = sort.by[at] ?? '_id';
    const value = place[at] ?? null;
    const before = same.slice(0, at);
    if (value !== null) found.push([...before, { path, is: 'after', value }]);
    if (path === '_id') continue;
    if (value === null && sort.direction === 'asc') found.push([...before, { path, is: 'present' }]);
    if (value !== null && sort.direction === 'desc') found.push([...before, { path, is: 'null' }]);
  }
  return found;
}
