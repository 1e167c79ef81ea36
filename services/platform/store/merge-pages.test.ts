import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { mergePages } from './merge-pages.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { Collection, CollectionSpec, Page, Store } from './store.ts';

const thing = z.object({ _id: z.string(), at: z.number(), by: z.string(), to: z.string() });
type Thing = z.infer<typeof thing>;
const spec: CollectionSpec<Thing> = {
  name: 'merged',
  version: 1,
  schema: thing,
  indexes: [{ fields: ['by', 'at'] }, { fields: ['to', 'at'] }],
};

describe('several queries as one list', () => {
  let store: Store;
  let things: Collection<Thing>;
  const count = 60;
  /** Every third moment is shared by three documents; some are found by both queries, some by none. */
  const all: Thing[] = Array.from({ length: count }, (_, n) => ({
    _id: `t${String((n * 7) % count).padStart(3, '0')}`,
    at: Math.floor(n / 3),
    by: n % 2 ? 'ada' : 'bob',
    to: n % 3 ? 'ada' : 'bob',
  }));
  beforeAll(async () => {
    store = await openSqliteStore({ file: ':memory:', logger: collectingLogger().logger });
    await store.prepare([spec]);
    things = store.collection(spec);
    await things.insertMissing(all);
  });
  afterAll(() => store.close());

  const page = (direction: 'asc' | 'desc', limit: number, cursor?: string): Promise<Page<Thing>> =>
    mergePages({ sort: { by: ['at'], direction }, limit, cursor }, [
      (query) => things.find({ ...query, where: { by: 'ada' } }),
      (query) => things.find({ ...query, where: { to: 'ada' } }),
    ]);
  const expected = (direction: 'asc' | 'desc') => {
    const up = all
      .filter(({ by, to }) => by === 'ada' || to === 'ada')
      .toSorted((a, b) => a.at - b.at || (a._id < b._id ? -1 : 1))
      .map(({ _id }) => _id);
    return direction === 'asc' ? up : up.toReversed();
  };

  it.each([
    ['asc', 1],
    ['asc', 7],
    ['desc', 1],
    ['desc', 4],
    ['desc', 100],
  ] as const)('come %s in pages of %i, each document once', async (direction, limit) => {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const { items, nextCursor } = await page(direction, limit, cursor);
      expect(items.length).toBeLessThanOrEqual(limit);
      ids.push(...items.map(({ _id }) => _id));
      cursor = nextCursor;
    } while (cursor !== undefined);
    expect(ids).toEqual(expected(direction));
  });

  it('have no further page where the last one is full', async () => {
    expect(await page('asc', expected('asc').length)).not.toHaveProperty('nextCursor');
  });

  it('refuse a cursor that is none', async () => {
    await expect(page('asc', 1, 'nonsense')).rejects.toMatchObject({ code: 'invalid_cursor' });
  });
});
