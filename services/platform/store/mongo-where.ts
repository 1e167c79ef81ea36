import type { Bound, Sort } from './cursor.ts';
import type { Term } from './where.ts';

export type Filter = Record<string, unknown>;

/** The terms as one flat filter: each path comes once. Values are scalars, so no operator of a caller gets in. */
export function mongoFilter(terms: readonly Term[]): Filter {
  const filter: Filter = {};
  for (const term of terms) {
    if (term.kind === 'equal') filter[term.path] = term.value;
    else if (term.kind === 'in') filter[term.path] = { $in: term.values };
    else if (term.kind === 'absent') filter[term.path] = { $exists: false };
    else
      filter[term.path] = Object.fromEntries(Object.entries(term.range).map(([bound, value]) => [`$${bound}`, value]));
  }
  return filter;
}

/** Everything that follows a cursor. */
export function mongoAfter(sort: Sort, stretches: ReadonlyArray<readonly Bound[]>): Filter {
  const parts = stretches.map((bounds) => Object.fromEntries(bounds.map((bound) => [bound.path, wanted(sort, bound)])));
  return parts.length === 1 ? (parts[0] ?? {}) : { $or: parts };
}

function wanted(sort: Sort, bound: Bound): unknown {
  switch (bound.is) {
    case 'equal':
      return bound.value;
    case 'after':
      return { [sort.direction === 'asc' ? '$gt' : '$lt']: bound.value };
    case 'null':
      return null;
    case 'present':
      return { $ne: null };
  }
}

export const mongoSort = (sort: Sort): Record<string, 1 | -1> =>
  Object.fromEntries(sort.by.map((path) => [path, sort.direction === 'asc' ? 1 : -1]));

/** All of the filters that say something. */
export function allOf(...filters: readonly Filter[]): Filter {
  const some = filters.filter((filter) => Object.keys(filter).length > 0);
  return some.length > 1 ? { $and: some } : (some[0] ?? {});
}
