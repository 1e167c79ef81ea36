import type { AnyCollectionSpec } from './store.ts';
import type { Term } from './where.ts';

/**
 * Throws where no declared index serves a query: first the fields with equality or `in`, then one range or the sort.
 * A unique index leaves out documents that lack a field, so it serves only where all its fields are given.
 */
export function checkCovered(spec: AnyCollectionSpec, terms: readonly Term[], sort: readonly string[] = []): void {
  const given = terms.filter((term) => term.kind === 'equal' || term.kind === 'in').map((term) => term.path);
  const ranges = terms.filter((term) => term.kind === 'range').map((term) => term.path);
  const open = given.length + ranges.length === terms.length && ranges.length <= 1;
  const wanted = sort.length > 0 ? sort : ranges;
  const covers = (fields: readonly string[]): boolean => {
    const first = fields.slice(0, given.length);
    const then = [...fields.slice(given.length), '_id'];
    return (
      given.every((path) => first.includes(path)) &&
      ranges.every((path) => then[0] === path) &&
      wanted.every((path, at) => then[at] === path)
    );
  };
  const serves = spec.indexes.some(
    ({ fields, unique }) => (!unique || fields.every((path) => given.includes(path))) && covers(fields),
  );
  if (open && (serves || covers([]) || covers(['_id']))) return;
  const query = [...given, ...ranges.map((path) => `${path} (range)`), ...sort.map((path) => `${path} (sort)`)];
  throw new Error(`No index of "${spec.name}" covers a query by ${query.join(', ') || 'what is absent'}.`);
}
