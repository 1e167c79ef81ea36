import type { Edit } from './change.ts';
import { checkDocument } from './documents.ts';
import { arrayIndex, isTree, type Tree } from './paths.ts';
import { searchWords } from './search-words.ts';
import type { CollectionSpec, Doc } from './store.ts';

/**
 * What is stored beside a document's own fields, under `_`, and taken off whatever is read:
 * `v` counts its updates, `z` is no less than the bytes of its JSON, `w` are the words that `search` finds.
 */
export const versionPath = '_.v';
export const sizePath = '_.z';
export const wordsPath = '_.w';

export interface MongoRecord {
  _id: string;
  [field: string]: unknown;
}

export function toRecord<T extends Doc>(spec: CollectionSpec<T>, doc: T): MongoRecord {
  const checked = checkDocument(spec, doc);
  const plain: unknown = JSON.parse(checked.json);
  if (!isTree(plain)) throw new Error('A document is an object.');
  const words = spec.text ? { w: searchWords(spec, plain) } : {};
  return { ...plain, _id: String(plain['_id']), _: { v: 0, z: Buffer.byteLength(checked.json), ...words } };
}

/** The document itself, and its hidden part. */
export function fromRecord(record: Tree): { doc: Tree; version: unknown; size: number } {
  const { _: hidden, ...doc } = record;
  const { v: version, z: size } = isTree(hidden) ? hidden : {};
  return { doc, version, size: typeof size === 'number' ? size : Number.POSITIVE_INFINITY };
}

export interface MongoUpdate {
  $set: Record<string, unknown>;
  $unset: Record<string, ''>;
  $inc: Record<string, number>;
  $push: Record<string, { $each: readonly unknown[] }>;
}

/** The edits as MongoDB's operators, and how many bytes the JSON of a document grows by at most. */
export function toUpdate(edits: readonly Edit[]): { update: MongoUpdate; growth: number } {
  const update: MongoUpdate = { $set: {}, $unset: {}, $inc: { [versionPath]: 1 }, $push: {} };
  let growth = 0;
  for (const edit of edits) {
    const { path, steps } = edit;
    if (edit.kind === 'unset') {
      update.$unset[path] = '';
      continue;
    }
    // Names, quotes, brackets and commas on the way, and `null,` for each place that an array is filled up with.
    for (const step of steps) growth += Buffer.byteLength(JSON.stringify(step)) + 4 + 5 * Math.max(arrayIndex(step), 0);
    if (edit.kind === 'increment') {
      update.$inc[path] = edit.by;
      growth += 25;
    } else {
      const value = edit.kind === 'set' ? edit.value : edit.values;
      growth += Buffer.byteLength(JSON.stringify(value)) + 1;
      if (edit.kind === 'set') update.$set[path] = value;
      else update.$push[path] = { $each: edit.values };
    }
  }
  return { update, growth };
}

/** Without the operators that have nothing to do: servers refuse those. */
export const operators = (update: MongoUpdate): Partial<MongoUpdate> =>
  Object.fromEntries(Object.entries(update).filter(([, fields]) => Object.keys(fields).length > 0));
