import { expect } from 'vitest';
import type { Collection } from './store.ts';
import { type StoreContext, type Thing, thingSpec } from './store-things.ts';

const idsOf = async (things: Collection<Thing>): Promise<string[]> => {
  const ids: string[] = [];
  for await (const { _id } of things.scan()) ids.push(_id);
  return ids;
};

export function scanCases({ it, store, things }: StoreContext): void {
  it('gives every document whole, by _id', async () => {
    const collection = await things();
    const docs = ['b', '\u{1f600}', 'a', '\uffee', 'é', 'A', '0'].map((_id) => ({
      ...{ _id, ownerId: 'o', title: `of ${_id}`, nested: { flag: true, note: 'words' } },
    }));
    await collection.insertMissing(docs);
    const scanned: Thing[] = [];
    for await (const doc of collection.scan()) scanned.push(doc);
    expect(scanned.map(({ _id }) => _id)).toEqual(['0', 'A', 'a', 'b', 'é', '\uffee', '\u{1f600}']);
    expect(scanned).toEqual(expect.arrayContaining(docs));
  });

  it('gives more documents than a server sends at once', async () => {
    const collection = await things();
    const ids = Array.from({ length: 1_500 }, (_, n) => String(n).padStart(5, '0'));
    await collection.insertMissing(ids.map((_id) => ({ _id, title: 'x' })));
    expect(await idsOf(collection)).toEqual(ids);
  });

  it('gives what stays once while others come, change and go', async () => {
    const collection = await things();
    const ids = Array.from({ length: 300 }, (_, n) => `k${String(n).padStart(4, '0')}`);
    await collection.insertMissing(ids.map((_id, n) => ({ _id, ownerId: 'o', at: n })));
    const seen: string[] = [];
    for await (const { _id } of collection.scan()) {
      seen.push(_id);
      if (seen.length === 50) {
        await collection.delete('k0010');
        await collection.delete('k0250');
        await collection.insertMissing([{ _id: 'a' }, { _id: 'k0150-b' }, { _id: 'z' }]);
        await collection.update('k0200', { set: { at: -1, title: 'changed' } });
      }
    }
    const stayed = ids.filter((id) => id !== 'k0010' && id !== 'k0250');
    expect(seen.filter((id) => stayed.includes(id))).toEqual(stayed);
    expect(seen).toHaveLength(new Set(seen).size);
  });

  it('may be given up in the middle, and goes on beside another', async () => {
    const collection = await things();
    await collection.insertMissing([...'abcdef'].map((_id) => ({ _id })));
    const first: string[] = [];
    for await (const { _id } of collection.scan()) {
      first.push(_id);
      if (_id === 'b') expect((await idsOf(collection)).join('')).toBe('abcdef');
      if (_id === 'd') break;
    }
    expect(first.join('')).toBe('abcd');
    expect((await idsOf(collection)).join('')).toBe('abcdef');
  });

  it('gives nothing of a collection that is empty or was never prepared', async () => {
    expect(await idsOf(await things())).toEqual([]);
    expect(await idsOf(store().collection(thingSpec('neverprepared')))).toEqual([]);
  });
}
