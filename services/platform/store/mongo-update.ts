import type { Collection as DriverCollection } from 'mongodb';
import { applyChange, type Edit } from './change.ts';
import { checkSize, toJson } from './documents.ts';
import type { MongoConnection } from './mongo-connection.ts';
import {
  fromRecord,
  type MongoRecord,
  operators,
  sizePath,
  toUpdate,
  versionPath,
  wordsPath,
} from './mongo-document.ts';
import { isNotImplemented } from './mongo-errors.ts';
import { type Filter, mongoFilter } from './mongo-where.ts';
import { overlap } from './paths.ts';
import { searchWords } from './search-words.ts';
import { type AnyCollectionSpec, maxDocumentBytes } from './store.ts';
import { holds, type Term } from './where.ts';

export interface MongoPlace {
  readonly records: DriverCollection<MongoRecord>;
  readonly connection: MongoConnection;
  readonly spec: AnyCollectionSpec;
}

export interface MongoEdits {
  readonly id: string;
  readonly edits: readonly Edit[];
  readonly terms: readonly Term[];
  readonly fields: readonly string[] | undefined;
}

/**
 * One conditional update by the server. Its filter also holds the document's size down by a bound that only grows; where
 * nothing matched, one read tells whether that was the condition, or the bound. The bound, and words to search, need the
 * document as it will be: those are written under the condition that it is still the one that was read.
 */
export async function updateRecord(place: MongoPlace, wanted: MongoEdits): Promise<MongoRecord | undefined> {
  const { id, edits } = wanted;
  // The server answers by filter; what is asked of the _id itself needs no server.
  if (
    !holds(
      wanted.terms.filter((term) => term.path === '_id'),
      { _id: id },
    )
  )
    return undefined;
  const filter = { ...mongoFilter(wanted.terms), _id: id };
  if (place.spec.text?.some((path) => edits.some((edit) => overlap(edit.path, path)))) {
    return rewriteRecord(place, wanted);
  }
  const { update, growth } = toUpdate(edits);
  update.$inc[sizePath] = growth;
  for (;;) {
    const small = { ...filter, [sizePath]: { $lte: maxDocumentBytes - growth } };
    const record = await send(place, small, operators(update), wanted.fields);
    if (record) return record;
    const there = await place.records.findOne(filter, { projection: { _: 1 } });
    if (!there) return undefined;
    if (fromRecord(there).size + growth > maxDocumentBytes) return rewriteRecord(place, wanted);
  }
}

/** Reads, makes the change here to know the size and the words, and has the server make it on the same version. */
export async function rewriteRecord(place: MongoPlace, wanted: MongoEdits): Promise<MongoRecord | undefined> {
  const { id, edits, terms, fields } = wanted;
  for (;;) {
    const filter = { ...mongoFilter(terms), _id: id };
    const before = await place.records.findOne(filter);
    if (!before) return undefined;
    const { doc, version } = fromRecord(before);
    applyChange(doc, edits);
    const json = toJson(doc);
    checkSize(json);
    const { update } = toUpdate(edits);
    update.$set[sizePath] = Buffer.byteLength(json);
    if (place.spec.text) update.$set[wordsPath] = searchWords(place.spec, doc);
    const unchanged = { ...filter, [versionPath]: version ?? { $exists: false } };
    const record = await send(place, unchanged, operators(update), fields);
    if (record) return record;
  }
}

async function send(
  { records, connection }: MongoPlace,
  filter: Filter,
  update: Filter,
  fields: readonly string[] | undefined,
): Promise<MongoRecord | undefined> {
  if (fields?.every((field) => field === '_id')) {
    const { matchedCount } = await records.updateOne(filter, update);
    return matchedCount === 1 ? { _id: String(filter['_id']) } : undefined;
  }
  const options = { returnDocument: 'after' } as const;
  if (fields && !connection.lacks('updateProjection')) {
    try {
      const projection = Object.fromEntries(fields.map((field) => [field, 1]));
      return (await records.findOneAndUpdate(filter, update, { ...options, projection })) ?? undefined;
    } catch (error) {
      if (!isNotImplemented(error)) throw error;
      connection.noteLack('updateProjection');
    }
  }
  return (await records.findOneAndUpdate(filter, update, options)) ?? undefined;
}
