import { checkIndexed, toStored } from './documents.ts';
import { arrayIndex, isTree, overlap, parsePath, readPath, type Tree } from './paths.ts';
import type { AnyCollectionSpec, Change } from './store.ts';

/** One step of a change. Values are as they will be read back. */
export type Edit = { readonly path: string; readonly steps: readonly string[] } & (
  | { readonly kind: 'set'; readonly value: unknown }
  | { readonly kind: 'unset' }
  | { readonly kind: 'increment'; readonly by: number }
  | { readonly kind: 'push'; readonly values: readonly unknown[] }
);

/** MongoDB fills an array up to no more than this many places. */
const maxBackfill = 1_500_000;

/**
 * Throws for what MongoDB or SQLite would refuse or do otherwise than the other: paths within one another, `unset` within
 * an array, values that cannot be indexed. A `set` to `undefined` is no change.
 */
export function parseChange(spec: AnyCollectionSpec, change: Change): readonly Edit[] {
  const edits: Edit[] = [];
  for (const [path, value] of Object.entries(change.set ?? {})) {
    if (value !== undefined) edits.push({ path, steps: parsePath(path), kind: 'set', value: toStored(value) });
  }
  for (const path of change.unset ?? []) edits.push({ path, steps: parsePath(path), kind: 'unset' });
  for (const [path, by] of Object.entries(change.increment ?? {})) {
    if (!Number.isFinite(by)) throw new Error(`"${path}" cannot be incremented by ${by}.`);
    edits.push({ path, steps: parsePath(path), kind: 'increment', by });
  }
  for (const [path, values] of Object.entries(change.push ?? {})) {
    edits.push({ path, steps: parsePath(path), kind: 'push', values: values.map((value) => toStored(value) ?? null) });
  }
  checkPaths(edits);
  for (const edit of edits) checkIndexes(spec, edit);
  return edits;
}

function checkPaths(edits: readonly Edit[]): void {
  for (const [at, { path, steps, kind }] of edits.entries()) {
    if (path === '_id') throw new Error('The _id of a document cannot be changed.');
    if (steps.some((step) => arrayIndex(step) > maxBackfill)) throw new Error(`"${path}" is too far into an array.`);
    if (kind === 'unset' && arrayIndex(steps.at(-1) ?? '') >= 0) {
      throw new Error(`"${path}": an element of an array cannot be unset.`);
    }
    for (const other of edits.slice(at + 1)) {
      if (overlap(path, other.path)) throw new Error(`A change cannot touch both "${path}" and "${other.path}".`);
    }
  }
}

function checkIndexes(spec: AnyCollectionSpec, edit: Edit): void {
  if (edit.kind === 'unset') return;
  for (const { fields, unique } of spec.indexes) {
    for (const field of fields) {
      if (!overlap(field, edit.path)) continue;
      const within = field.length > edit.path.length;
      if (edit.kind === 'set' && within) {
        checkIndexed(spec, field, readPath(edit.value, parsePath(field).slice(edit.steps.length)), unique === true);
      } else if (edit.kind === 'set' && field === edit.path) {
        checkIndexed(spec, field, edit.value, unique === true);
      } else if (!within && (edit.kind !== 'increment' || field !== edit.path)) {
        checkIndexed(spec, field, [], unique === true);
      }
    }
  }
}

/** Applies a change to a document in place, exactly as MongoDB's operators do. */
export function applyChange(doc: Tree, edits: readonly Edit[]): void {
  for (const edit of edits) {
    const parent = edit.kind === 'unset' ? readPath(doc, edit.steps.slice(0, -1)) : openPath(doc, edit);
    const last = edit.steps.at(-1) ?? '';
    if (edit.kind === 'unset') {
      if (isTree(parent)) delete parent[last];
    } else if (Array.isArray(parent)) {
      const index = arrayIndex(last);
      if (index < 0) throw notViable(edit.path);
      while (parent.length < index) parent.push(null);
      parent[index] = edited(edit, parent[index]);
    } else if (isTree(parent)) {
      parent[last] = edited(edit, Object.hasOwn(parent, last) ? parent[last] : undefined);
    } else {
      throw notViable(edit.path);
    }
  }
}

/** What the last step of a path lies in, made where it is absent. */
function openPath(doc: Tree, { path, steps }: Edit): unknown {
  let at: unknown = doc;
  for (const step of steps.slice(0, -1)) {
    if (Array.isArray(at)) {
      const index = arrayIndex(step);
      if (index < 0) throw notViable(path);
      while (at.length < index) at.push(null);
      if (at.length === index) at.push({});
      at = at[index];
    } else if (isTree(at)) {
      if (!Object.hasOwn(at, step)) at[step] = {};
      at = at[step];
    } else {
      throw notViable(path);
    }
  }
  return at;
}

const notViable = (path: string): Error => new Error(`Nothing can be written at "${path}" in this document.`);

function edited(edit: Exclude<Edit, { kind: 'unset' }>, before: unknown): unknown {
  if (edit.kind === 'set') return edit.value;
  if (edit.kind === 'increment') {
    if (before !== undefined && typeof before !== 'number') throw new Error(`"${edit.path}" is not a number.`);
    return (before ?? 0) + edit.by;
  }
  if (before === undefined) return [...edit.values];
  if (!Array.isArray(before)) throw new Error(`"${edit.path}" is not an array.`);
  for (const value of edit.values) before.push(value);
  return before;
}
