import type { Collection as DriverCollection, IndexDescription } from 'mongodb';
import type { MongoConnection } from './mongo-connection.ts';
import { type MongoRecord, wordsPath } from './mongo-document.ts';
import { isNotImplemented } from './mongo-errors.ts';
import { rewriteRecord } from './mongo-update.ts';
import type { AnyCollectionSpec, IndexSpec } from './store.ts';

const keyOf = (fields: readonly string[]): Record<string, 1> => Object.fromEntries(fields.map((path) => [path, 1]));

function describe({ fields, unique }: IndexSpec): IndexDescription {
  if (!unique) return { name: fields.join('+'), key: keyOf([...fields, '_id']) };
  const present = Object.fromEntries(fields.map((path) => [path, { $exists: true }]));
  return { name: `${fields.join('+')}+unique`, key: keyOf(fields), unique, partialFilterExpression: present };
}

/** Creates what indexes are missing; documents that were there before their collection had text get their words. */
export async function createIndexes(connection: MongoConnection, spec: AnyCollectionSpec): Promise<void> {
  await connection.run(async (database) => {
    const records = database.collection<MongoRecord>(spec.name);
    for (const index of spec.indexes) await createIndex(connection, records, describe(index));
    if (!spec.text?.length) return;
    await createIndex(connection, records, { name: 'words', key: { [wordsPath]: 1 } });
    for await (const { _id: id } of records.find({ [wordsPath]: { $exists: false } }, { projection: { _id: 1 } })) {
      await rewriteRecord({ records, connection, spec }, { id, edits: [], terms: [], fields: [] });
    }
  });
}

async function createIndex(
  connection: MongoConnection,
  records: DriverCollection<MongoRecord>,
  index: IndexDescription,
): Promise<void> {
  const { partialFilterExpression, ...plain } = index;
  if (!partialFilterExpression || !connection.lacks('partialIndexes')) {
    try {
      await records.createIndexes([index]);
      return;
    } catch (error) {
      if (!partialFilterExpression || !isNotImplemented(error)) throw error;
      connection.noteLack('partialIndexes');
    }
  }
  await records.createIndexes([{ ...plain, sparse: true }]);
}
