import { expect } from 'vitest';
import type { Collection, Find } from './store.ts';
import type { StoreContext, Thing } from './store-things.ts';

const listed = { where: { ownerId: 'o' }, sort: { by: ['at'], direction: 'desc' }, limit: 3 } as const;

/** The ids of each page; `between` runs after each. */
async function walk(
  things: Collection<Thing>,
  query: Find,
  between?: (page: number) => Promise<void>,
): Promise<string[]> {
  const pages: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await things.find({ ...query, cursor });
    pages.push(page.items.map((doc) => doc._id).join(''));
    cursor = page.nextCursor;
    await between?.(pages.length);
  } while (cursor !== undefined);
  return pages;
}

export function pageCases({ it, things }: StoreContext): void {
  /** a to i; two of each time, the last without one. */
  const filled = async () => {
    const collection = await things();
    const docs = [...'abcdefgh'].map((_id, n) => ({ _id, ownerId: 'o', at: Math.floor(n / 2), kind: 'x' }));
    await collection.insertMissing([
      ...docs,
      { _id: 'i', ownerId: 'o', kind: 'x' },
      { _id: 'j', ownerId: 'o', at: null },
    ]);
    return collection;
  };

  it('gives every document once, in order, both ways', async () => {
    const collection = await filled();
    expect(await walk(collection, listed)).toEqual(['hgf', 'edc', 'baj', 'i']);
    expect(await walk(collection, { ...listed, sort: { by: ['at'], direction: 'asc' } })).toEqual([
      'ija',
      'bcd',
      'efg',
      'h',
    ]);
    expect(await walk(collection, { where: { ownerId: 'o' }, limit: 4 })).toEqual(['abcd', 'efgh', 'ij']);
    expect(await walk(collection, { where: {}, sort: { by: ['_id'], direction: 'desc' }, limit: 9 })).toEqual([
      'jihgfedcb',
      'a',
    ]);
    for (const direction of ['asc', 'desc'] as const) {
      for (const limit of [1, 2, 3, 10]) {
        const pages = await walk(collection, { where: {}, sort: { by: ['ownerId', 'kind', 'at'], direction }, limit });
        expect(pages.join(''), `${direction} ${limit}`).toBe(direction === 'asc' ? 'jiabcdefgh' : 'hgfedcbaij');
      }
    }
  });

  it('has no next page where the last one is full', async () => {
    const collection = await filled();
    expect(await walk(collection, { where: { ownerId: 'o' }, limit: 5 })).toEqual(['abcde', 'fghij']);
    expect((await collection.find({ where: { ownerId: 'nobody' }, limit: 5 })).nextCursor).toBeUndefined();
  });

  it('neither repeats nor hides a document while others come and go', async () => {
    const collection = await filled();
    const pages = await walk(collection, listed, async (page) => {
      await collection.insert({ _id: `early${page}`, ownerId: 'o', at: 100 + page });
      if (page === 1) await collection.insert({ _id: 'late', ownerId: 'o', at: 0 });
      await collection.delete(['h', 'b', 'd'][page - 1] ?? '');
    });
    expect(pages).toEqual(['hgf', 'edc', 'lateaj', 'i']);
  });

  it('keeps its place where the document that it stood at is deleted', async () => {
    const collection = await filled();
    const { nextCursor } = await collection.find(listed);
    await collection.delete('f');
    await collection.delete('g');
    expect((await collection.find({ ...listed, cursor: nextCursor })).items.map((doc) => doc._id)).toEqual([
      'e',
      'd',
      'c',
    ]);
  });

  it('pages by text and by booleans too', async () => {
    const collection = await things();
    const texts = ['', 'a', 'a\0', 'é', '\uffee', '\u{1f600}', "'"];
    await collection.insertMissing(
      texts.map((kind, n) => ({ _id: `${n}`, ownerId: 'o', kind, nested: { flag: n % 2 === 0 } })),
    );
    const byText = { where: { ownerId: 'o' }, sort: { by: ['kind'], direction: 'asc' }, limit: 1 } as const;
    expect((await walk(collection, byText)).join('')).toBe('0612345');
    const byFlag = { where: {}, sort: { by: ['nested.flag'], direction: 'desc' }, limit: 2 } as const;
    expect((await walk(collection, byFlag)).join('')).toBe('6420531');
  });

  it('refuses cursors that it did not give out', async () => {
    const collection = await filled();
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const wrong = [
      '',
      'x',
      '%%%',
      encoded({}),
      encoded([1]),
      encoded([1, 2]),
      encoded(['a', 1, 'b']),
      encoded([{ $gt: '' }, 'a']),
      encoded([[], 'a']),
    ];
    for (const cursor of wrong) {
      await expect(collection.find({ ...listed, cursor }), cursor).rejects.toMatchObject({ code: 'invalid_cursor' });
    }
  });

  it('refuses limits out of 1 to 1,000', async () => {
    const collection = await filled();
    for (const limit of [0, -1, 1001, 1.5, Number.NaN]) {
      await expect(collection.find({ ...listed, limit })).rejects.toThrow('1 to 1,000');
    }
  });
}
