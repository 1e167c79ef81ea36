import { expect } from 'vitest';
import type { Find, Where } from './store.ts';
import type { StoreContext, Thing } from './store-things.ts';

const fruits: readonly Thing[] = [
  { _id: 'a', ownerId: 'o', kind: 'apple', at: 1, weight: 10, nested: { flag: true } },
  { _id: 'b', ownerId: 'o', kind: 'pear', at: 2, weight: 20, nested: { flag: false } },
  { _id: 'c', ownerId: 'o', kind: 'apple', at: 3, weight: 0.5, nested: { flag: true } },
  { _id: 'd', ownerId: 'p', kind: 'apple', at: 4, weight: 'heavy' },
  { _id: 'e', ownerId: 'p', at: 5 },
  { _id: 'f', ownerId: 'p' },
];

export function queryCases({ it, things }: StoreContext): void {
  const filled = async () => {
    const collection = await things();
    await collection.insertMissing(fruits);
    const ids = async (where: Where, query: Partial<Find> = {}) =>
      (await collection.find({ where, limit: 100, ...query })).items.map((doc) => doc._id).join('');
    return { collection, ids };
  };

  it('finds by equality, by several values and by a range', async () => {
    const { collection, ids } = await filled();
    const expected: ReadonlyArray<readonly [Where, string]> = [
      [{}, 'abcdef'],
      [{ ownerId: 'o' }, 'abc'],
      [{ ownerId: { in: ['o', 'p', 'q'] } }, 'abcdef'],
      [{ ownerId: { in: [] } }, ''],
      [{ ownerId: 'o', kind: 'apple' }, 'ac'],
      [{ ownerId: 'o', kind: { in: ['pear', 'plum'] } }, 'b'],
      [{ ownerId: 'o', at: { gt: 1 } }, 'bc'],
      [{ ownerId: 'o', at: { gte: 1, lt: 3 } }, 'ab'],
      [{ ownerId: 'p', at: { lte: 4 } }, 'd'],
      [{ ownerId: 'p', at: { gt: '' } }, ''],
      [{ ownerId: 'p', at: 5 }, 'e'],
      [{ ownerId: { gte: 'p' } }, 'def'],
      [{ 'nested.flag': true }, 'ac'],
      [{ 'nested.flag': { in: [true, false] } }, 'abc'],
      [{ _id: { in: ['b', 'x'] } }, 'b'],
      [{ _id: { gt: 'd' } }, 'ef'],
      [{ _id: 'b' }, 'b'],
      [{ ownerId: "o' OR 1=1" }, ''],
    ];
    for (const [where, found] of expected) {
      expect(await ids(where), JSON.stringify(where)).toBe(found);
      expect(await collection.count(where), JSON.stringify(where)).toBe(found.length);
    }
  });

  it('sorts by the declared fields, then by _id, both ways; what lacks the field comes first', async () => {
    const { ids } = await filled();
    const sort = (direction: 'asc' | 'desc', ...by: string[]) => ({ sort: { by, direction } });
    expect(await ids({ ownerId: 'p' }, sort('asc', 'at'))).toBe('fde');
    expect(await ids({ ownerId: 'p' }, sort('desc', 'at'))).toBe('edf');
    expect(await ids({ ownerId: { in: ['o', 'p'] } }, sort('desc', 'at'))).toBe('edcbaf');
    expect(await ids({ ownerId: 'o', kind: 'apple' }, sort('desc', 'at'))).toBe('ca');
    expect(await ids({ ownerId: 'o', at: { gt: 1 } }, sort('desc', 'at'))).toBe('cb');
    expect(await ids({}, sort('desc', '_id'))).toBe('fedcba');
    expect(await ids({}, sort('asc', 'ownerId', 'kind', 'at'))).toBe('acbfed');
  });

  it('gives back only the fields that were asked for, also where it sorts by others', async () => {
    const { collection } = await filled();
    const query: Find = {
      where: { ownerId: 'o' },
      sort: { by: ['at'], direction: 'asc' },
      limit: 1,
      fields: ['kind', 'nested'],
    };
    const page = await collection.find(query);
    expect(page.items).toEqual([{ _id: 'a', kind: 'apple', nested: { flag: true } }]);
    expect((await collection.find({ ...query, cursor: page.nextCursor })).items[0]?._id).toBe('b');
  });

  it('refuses queries that no declared index covers', async () => {
    const { collection } = await filled();
    const sort = (...by: string[]) => ({ sort: { by, direction: 'asc' as const } });
    const uncovered: ReadonlyArray<readonly [Where, Partial<Find>]> = [
      [{ kind: 'apple' }, {}],
      [{ weight: 1 }, {}],
      [{ key: 'k' }, {}],
      [{ ownerId: 'o', weight: 1 }, {}],
      [{ ownerId: 'o', at: { gt: 1 }, kind: { gt: '' } }, {}],
      [{ ownerId: { gt: '' }, at: 1 }, {}],
      [{ ownerId: 'o' }, sort('weight')],
      [{ ownerId: 'o', at: { gt: 1 } }, sort('kind')],
      [{ ownerId: 'o' }, sort('key')],
      [{}, sort('at')],
      [{ gone: { absent: true } }, {}],
      [{ ownerId: 'o', at: { absent: true } }, {}],
    ];
    for (const [where, query] of uncovered) {
      await expect(collection.find({ where, limit: 1, ...query }), JSON.stringify(where)).rejects.toThrow('No index');
      if (query.sort) continue;
      await expect(collection.count(where)).rejects.toThrow('No index');
      await expect(collection.deleteWhere(where, 1)).rejects.toThrow('No index');
      await expect(collection.sum({ where, by: [], fields: [] })).rejects.toThrow('No index');
    }
    expect((await collection.find({ where: { ownerId: 'o', key: 'k' }, limit: 1 })).items).toEqual([]);
  });

  it('deletes what matches, no more than it is told', async () => {
    const { collection, ids } = await filled();
    expect(await collection.deleteWhere({ ownerId: 'o' }, 2)).toBe(2);
    expect(await collection.count({ ownerId: 'o' })).toBe(1);
    expect(await collection.deleteWhere({ ownerId: 'o' }, 2)).toBe(1);
    expect(await collection.deleteWhere({ ownerId: 'o' }, 2)).toBe(0);
    expect(await collection.deleteWhere({ ownerId: 'p', at: { lt: 5 } }, 10)).toBe(1);
    expect(await ids({})).toBe('ef');
  });

  it('sums numbers by groups', async () => {
    const { collection } = await filled();
    const rows = await collection.sum({
      where: { ownerId: { in: ['o', 'p'] } },
      by: ['ownerId', 'kind'],
      fields: ['weight', 'at'],
    });
    expect(rows).toHaveLength(4);
    expect(rows).toEqual(
      expect.arrayContaining([
        { ownerId: 'o', kind: 'apple', weight: 10.5, at: 4 },
        { ownerId: 'o', kind: 'pear', weight: 20, at: 2 },
        { ownerId: 'p', kind: 'apple', weight: 0, at: 4 },
        { ownerId: 'p', weight: 0, at: 5 },
      ]),
    );
    expect(await collection.sum({ where: { ownerId: 'o', at: { gt: 1 } }, by: [], fields: ['weight'] })).toEqual([
      { weight: 20.5 },
    ]);
    expect(await collection.sum({ where: { ownerId: 'o' }, by: ['nested.flag'], fields: [] })).toHaveLength(2);
    expect(await collection.sum({ where: { ownerId: 'nobody' }, by: [], fields: ['weight'] })).toEqual([]);
  });
}
