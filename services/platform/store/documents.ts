import { AppError } from '#platform/errors.ts';
import { isFieldName, isTree, parsePath, readPath, type Tree } from './paths.ts';
import { type AnyCollectionSpec, type CollectionSpec, type Doc, maxDocumentBytes } from './store.ts';

/** MongoDB takes 100; JSON that comes from people should be nowhere near it. */
const maxDepth = 64;

function checkFields(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > maxDepth) throw new Error(`A stored document is at most ${maxDepth} levels deep.`);
  if (Array.isArray(value)) {
    for (const item of value) checkFields(item, depth + 1);
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    if (!isFieldName(name)) throw new Error(`${JSON.stringify(name)} cannot be the name of a stored field.`);
    checkFields(item, depth + 1);
  }
}

const escapes = /\\(?:u(d[89a-f][0-9a-f]{2})|u[0-9a-f]{4}|.)/g;

/** JSON in which each lone surrogate became U+FFFD, as UTF-8 has it; `JSON.stringify` escapes no others. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (!text.includes('\\ud')) return text;
  return text.replace(escapes, (found, surrogate) => (surrogate === undefined ? found : '\ufffd'));
}

/** The value as it will be read back: plain JSON, nothing shared with the caller. Throws for names that cannot be stored. */
export function toStored(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'boolean' || value === null || value === undefined) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  checkFields(value, 1);
  const copy: unknown = JSON.parse(toJson(value));
  return copy;
}

/** Bytes of UTF-8. Throws `document_too_large`; counts only where the length leaves it open. */
export function checkSize(json: string): void {
  if (json.length * 3 > maxDocumentBytes && Buffer.byteLength(json) > maxDocumentBytes) throw documentTooLarge();
}

export const documentTooLarge = (cause?: unknown): AppError =>
  new AppError('document_too_large', 'This has become larger than the database keeps in one piece (15 MB).', { cause });

/** The JSON of a document that fits its schema, its indexes and the largest size. */
export function checkDocument<T extends Doc>(spec: CollectionSpec<T>, doc: T): { doc: T; json: string } {
  const result = spec.schema.safeParse(doc);
  if (!result.success) {
    const what = result.error.issues.map((issue) => `${issue.path.join('.') || 'document'}: ${issue.message}`);
    throw new Error(`This is not a document of "${spec.name}": ${what.join('; ')}`, { cause: result.error });
  }
  if (typeof result.data._id !== 'string' || result.data._id === '') {
    throw new Error(`A document of "${spec.name}" needs an _id that is a string.`);
  }
  checkFields(result.data, 1);
  for (const name of Object.keys(result.data)) parsePath(name);
  for (const { fields, unique } of spec.indexes) {
    for (const path of fields) checkIndexed(spec, path, readPath(result.data, parsePath(path)), unique === true);
  }
  const json = toJson(result.data);
  checkSize(json);
  return { doc: result.data, json };
}

/** Databases differ in how they index arrays, objects and (in unique indexes) null: none of these is indexed. */
export function checkIndexed(spec: AnyCollectionSpec, path: string, value: unknown, unique: boolean): void {
  if (typeof value === 'object' && (value !== null || unique)) {
    const rule = unique ? 'a text, number or boolean, or absent' : 'a text, number, boolean or null, or absent';
    throw new Error(`"${path}" of "${spec.name}" is indexed, so it must be ${rule}.`);
  }
}

/** The document with only these top-level fields (and `_id`); as it is where none are named. */
export function pick(doc: Tree, fields: readonly string[] | undefined): Tree {
  if (!fields) return doc;
  const picked: Tree = { _id: doc['_id'] };
  for (const field of fields) {
    if (Object.hasOwn(doc, field)) picked[field] = doc[field];
  }
  return picked;
}

/** The one place where what a database gave back is taken for a document of its collection. */
export function asDocument<T extends Doc>(value: unknown): T {
  if (!isTree(value) || typeof value['_id'] !== 'string')
    throw new Error('The database holds something else than a document.');
  return value as unknown as T;
}
