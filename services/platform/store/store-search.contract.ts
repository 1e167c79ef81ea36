import { expect } from 'vitest';
import { type StoreContext, thingSpec } from './store-things.ts';

export function searchCases({ it, things, store }: StoreContext): void {
  const library = async () => {
    const collection = await things();
    await collection.insertMissing([
      { _id: 'a', ownerId: 'o', at: 1, title: 'The Crème Brûlée of Málaga' },
      { _id: 'b', ownerId: 'o', at: 2, title: 'creme fraiche, and MALAGA wine', nested: { note: 'bottle no. 42' } },
      { _id: 'c', ownerId: 'o', at: 3, nested: { note: 'Straße nach Ελλάδα 日本語 ①' } },
      { _id: 'd', ownerId: 'p', at: 4, title: 'Creme' },
      { _id: 'e', ownerId: 'p', at: 5, title: `AND "or" NOT near* x'y 50%_off ${'long'.repeat(50)}` },
      { _id: 'f', ownerId: 'p', at: 6 },
    ]);
    const found = async (words: string, where = {}) =>
      (await collection.search(words, { where, limit: 10 })).items.map((doc) => doc._id).join('');
    return { collection, found };
  };

  it('finds words by their beginnings, whatever their case, accents and order', async () => {
    const { found } = await library();
    expect(await found('creme')).toBe('abd');
    expect(await found('CRÈ')).toBe('abd');
    expect(await found('mala crem')).toBe('ab');
    expect(await found('brulee MÁLAGA')).toBe('a');
    expect(await found('rème')).toBe('');
    expect(await found('wine bott')).toBe('b');
    expect(await found('4')).toBe('b');
    expect(await found('strass')).toBe('');
    expect(await found('straße')).toBe('c');
    expect(await found('ελλαδα')).toBe('c');
    expect(await found('日本')).toBe('c');
    expect(await found('1')).toBe('c');
    expect(await found('creme nothing')).toBe('');
  });

  it('takes operators and signs of query languages for words, or for nothing', async () => {
    const { found } = await library();
    expect(await found('and not or')).toBe('e');
    expect(await found('"x\' y* ^near:(')).toBe('e');
    expect(await found('50% off')).toBe('e');
    expect(await found('.*')).toBe('');
    expect(await found(' -- "" \0 ')).toBe('');
    expect(await found('')).toBe('');
    expect(await found('long'.repeat(60))).toBe('e');
  });

  it('keeps to its conditions, sorts and pages as a find does', async () => {
    const { collection, found } = await library();
    expect(await found('creme', { ownerId: 'o' })).toBe('ab');
    const query = {
      where: { ownerId: 'o' },
      sort: { by: ['at'], direction: 'desc' },
      limit: 1,
      fields: ['at'],
    } as const;
    const first = await collection.search('creme', query);
    expect(first.items).toEqual([{ _id: 'b', at: 2 }]);
    const second = await collection.search('creme', { ...query, cursor: first.nextCursor });
    expect(second).toEqual({ items: [{ _id: 'a', at: 1 }] });
    await expect(collection.search('creme', { ...query, cursor: 'x' })).rejects.toMatchObject({
      code: 'invalid_cursor',
    });
    await expect(collection.search('creme', { where: { ownerId: { in: ['o'] } }, limit: 1 })).rejects.toThrow(
      'equality',
    );
  });

  it('follows changes and deletions', async () => {
    const { collection, found } = await library();
    await collection.update('a', { set: { title: 'Plain toast' } });
    expect(await found('creme')).toBe('bd');
    expect(await found('toast')).toBe('a');
    await collection.update('b', { unset: ['title'] });
    expect(await found('creme')).toBe('d');
    expect(await found('bottle')).toBe('b');
    await collection.update('f', { set: { nested: { note: 'a late crème' } } });
    expect(await found('creme')).toBe('df');
    expect(await collection.update('f', { set: { title: 'never' } }, { at: 7 })).toBeUndefined();
    expect(await found('never')).toBe('');
    await collection.delete('d');
    await collection.deleteWhere({ ownerId: 'p', at: 6 }, 1);
    expect(await found('creme')).toBe('');
    await collection.insert({ _id: 'g', title: 'anew' });
    expect(await found('anew')).toBe('g');
  });

  it('finds a long document by its first 20,000 words', async () => {
    const { collection, found } = await library();
    const title = Array.from({ length: 20_001 }, (_, n) => `w${n}x`).join(' ');
    await collection.insert({ _id: 'long', title });
    expect(await found('w19999x')).toBe('long');
    expect(await found('w20000x')).toBe('');
  });

  it('shows nothing of how it searches in what it returns', async () => {
    const { collection } = await library();
    const updated = await collection.update('d', { set: { title: 'Creme' } });
    const searched = await collection.search('creme', { where: { ownerId: 'p' }, limit: 1 });
    for (const doc of [updated, searched.items[0], await collection.get('d')]) {
      expect(Object.keys(doc ?? {}).sort()).toEqual(['_id', 'at', 'ownerId', 'title']);
    }
  });

  it('refuses to search a collection without text', async () => {
    const { schema } = thingSpec('untitled');
    const untitled = store().collection({ name: 'untitled', version: 1, schema, indexes: [] });
    await expect(untitled.search('x', { where: {}, limit: 1 })).rejects.toThrow('declares no text');
  });
}
