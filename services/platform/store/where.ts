import { isTree, parsePath, readPath } from './paths.ts';
import type { Range, Scalar, Where } from './store.ts';

/** One thing that must hold of a document. */
export type Term = { readonly path: string; readonly steps: readonly string[] } & (
  | { readonly kind: 'equal'; readonly value: Scalar }
  | { readonly kind: 'in'; readonly values: readonly Scalar[] }
  | { readonly kind: 'range'; readonly range: Range }
  | { readonly kind: 'absent' }
);

const bounds = ['gt', 'gte', 'lt', 'lte'] as const;

/** Throws for anything that is no `Where`, so that neither a lost value nor a database's own operators get through. */
export function parseWhere(where: Where): readonly Term[] {
  return Object.entries<unknown>(where).map(([path, wanted]): Term => {
    const at = { path, steps: parsePath(path) };
    if (!isTree(wanted)) return { ...at, kind: 'equal', value: scalar(path, wanted) };
    const keys = Object.keys(wanted);
    if (keys.length === 1 && Array.isArray(wanted['in'])) {
      return { ...at, kind: 'in', values: wanted['in'].map((value) => scalar(path, value)) };
    }
    if (keys.length === 1 && wanted['absent'] === true) return { ...at, kind: 'absent' };
    const range: { -readonly [K in keyof Range]: Range[K] } = {};
    for (const bound of bounds) {
      if (bound in wanted) range[bound] = scalar(path, wanted[bound]);
    }
    if (keys.length === 0 || keys.length !== Object.keys(range).length) throw noTerm(path);
    return { ...at, kind: 'range', range };
  });
}

const noTerm = (path: string): Error => new Error(`What is wanted of "${path}" is not a condition.`);

function scalar(path: string, value: unknown): Scalar {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw noTerm(path);
}

/** Whether all terms hold of a document, as the databases see it: values of another type are neither less nor greater. */
export const holds = (terms: readonly Term[], doc: unknown): boolean =>
  terms.every((term) => meets(term, readPath(doc, term.steps)));

function meets(term: Term, value: unknown): boolean {
  switch (term.kind) {
    case 'equal':
      return value === term.value;
    case 'in':
      return term.values.some((wanted) => wanted === value);
    case 'absent':
      return value === undefined;
    case 'range':
      return within(value, term.range);
  }
}

function within(value: unknown, { gt, gte, lt, lte }: Range): boolean {
  const is = (bound: Scalar | undefined, test: (order: number) => boolean): boolean => {
    if (bound === undefined) return true;
    const order = compare(value, bound);
    return order !== undefined && test(order);
  };
  return (
    is(gt, (order) => order > 0) &&
    is(gte, (order) => order >= 0) &&
    is(lt, (order) => order < 0) &&
    is(lte, (order) => order <= 0)
  );
}

/** Text compares by its UTF-8, as both databases do: JavaScript's own order differs beyond U+FFFF. */
function compare(a: unknown, b: Scalar): number | undefined {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  return undefined;
}
