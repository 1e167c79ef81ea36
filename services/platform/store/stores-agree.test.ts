import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { isAppError } from '#platform/errors.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { openMongoStore } from './mongo-store.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { Change, Collection, Store, Where } from './store.ts';
import { type Thing, thingSpec } from './store-things.ts';

const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0.5, 1e15, -0),
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.boolean(),
);
const leaf = fc.oneof(scalar, fc.constantFrom(null, undefined, Number.NaN));
/** No lists within lists: FerretDB refuses those. */
const list = fc.array(fc.oneof(leaf, fc.dictionary(fc.constantFrom('a', '0'), leaf)), { maxLength: 3 });
const value = fc.oneof(
  leaf,
  list,
  fc.dictionary(fc.constantFrom('a', 'b', '0', '1'), fc.oneof(leaf, list), { maxKeys: 3 }),
);

/** Beside a, b and c, which hold anything, `at` and `ownerId` hold scalars: conditions are about these. */
const fields = fc.record(
  { a: value, b: value, c: value, at: fc.integer({ min: 0, max: 2 }), ownerId: fc.string({ maxLength: 1 }) },
  { requiredKeys: [] },
);
const path = fc
  .tuple(fc.constantFrom('a', 'b', 'c'), fc.array(fc.constantFrom('a', 'b', '0', '1'), { maxLength: 2 }))
  .map(([first, steps]) => [first, ...steps].join('.'));
const plainPath = fc.constantFrom('a', 'b', 'c', 'a.b', 'b.a', 'at');

const change: fc.Arbitrary<Change> = fc.record(
  {
    set: fc.oneof(fields, fc.dictionary(path, leaf, { maxKeys: 2 })),
    unset: fc.array(path, { maxLength: 2 }),
    increment: fc.dictionary(fc.oneof(path, fc.constant('at')), fc.integer({ min: -1, max: 1 }), { maxKeys: 1 }),
    push: fc.dictionary(plainPath, fc.array(leaf, { maxLength: 2 }), { maxKeys: 1 }),
  },
  { requiredKeys: [] },
);
const wanted = fc.oneof(
  scalar,
  fc.record({ in: fc.array(scalar, { maxLength: 3 }) }),
  fc.record({ gte: scalar }),
  fc.record({ lt: scalar }),
  fc.constant({ absent: true as const }),
);
const condition: fc.Arbitrary<Where> = fc.dictionary(fc.constantFrom('at', 'ownerId', 'missing.x'), wanted, {
  maxKeys: 2,
});

/** What a call comes to: databases word their refusals differently. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  try {
    return { gives: await call };
  } catch (error) {
    return { refuses: isAppError(error) ? error.code : 'a mistake of ours' };
  }
}

const shared = inject('mongodbUri');

describe.skipIf(!shared)('SqliteStore and MongoStore', () => {
  const { logger } = collectingLogger();
  const database = `agree-${randomUUID()}`;
  const stores: Store[] = [];
  const collections: Collection<Thing>[] = [];
  beforeAll(async () => {
    const uri = new URL(shared ?? '');
    uri.pathname = database;
    stores.push(await openSqliteStore({ file: ':memory:', logger }), await openMongoStore({ uri: uri.href, logger }));
    for (const store of stores) {
      await store.prepare([thingSpec('things')]);
      collections.push(store.collection(thingSpec('things')));
    }
  });
  afterAll(async () => {
    for (const store of stores) await store.close();
    const client = new MongoClient(shared ?? '');
    await client.db(database).dropDatabase();
    await client.close();
  });
  const agree = async (call: (collection: Collection<Thing>) => Promise<unknown>) => {
    const [sqlite, mongo] = await Promise.all(collections.map((collection) => outcome(call(collection))));
    expect(mongo).toEqual(sqlite);
  };

  it('come to the same, whatever is stored and changed', async () => {
    let documents = 0;
    const steps = fc.array(fc.tuple(change, condition), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fields, steps, async (first, changes) => {
        const _id = `${documents++}`;
        await agree((collection) => collection.insert({ ...first, _id }));
        for (const [change, where] of changes) {
          await agree((collection) => collection.update(_id, change, where));
          await agree((collection) => collection.get(_id));
        }
      }),
      { numRuns: 250 },
    );
  });
});
