/** A stored object, or a part of one. */
export type Tree = Record<string, unknown>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Names that both databases take. MongoDB gives `$` and `.` a meaning of their own, neither takes NUL, and `__proto__`
 * would reach into JavaScript's own objects. Free-form JSON (a model's arguments, say) is stored as its text.
 */
export const isFieldName = (name: string): boolean =>
  name !== '' && name[0] !== '$' && !name.includes('.') && !name.includes('\0') && name !== '__proto__';

/** The steps of a dotted path; throws where one is no field name. */
export function parsePath(path: string): readonly string[] {
  const steps = path.split('.');
  const ownName = path[0] !== '_' || path === '_id';
  if (!ownName || !steps.every(isFieldName) || !path.isWellFormed()) {
    throw new Error(`${JSON.stringify(path)} is not a path of a stored document.`);
  }
  return steps;
}

const digits = /^(?:0|[1-9][0-9]{0,6})$/;

/** The array index that a step stands for; -1 where it is none. */
export const arrayIndex = (step: string): number => (digits.test(step) ? Number(step) : -1);

/** What stands at a path: `undefined` where nothing does. A numeric step reaches into an array. */
export function readPath(root: unknown, steps: readonly string[]): unknown {
  let at: unknown = root;
  for (const step of steps) {
    if (Array.isArray(at)) at = at[arrayIndex(step)];
    else if (isTree(at)) at = Object.hasOwn(at, step) ? at[step] : undefined;
    else return undefined;
  }
  return at;
}

/** Whether one path is the other, or lies within it. */
export const overlap = (a: string, b: string): boolean =>
  a === b || (a.length > b.length ? a.startsWith(b) && a[b.length] === '.' : b.startsWith(a) && b[a.length] === '.');
