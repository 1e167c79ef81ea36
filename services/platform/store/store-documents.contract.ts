import { expect } from 'vitest';
import { z } from 'zod';
import { maxDocumentBytes } from './store.ts';
import type { StoreContext } from './store-things.ts';

const thingSchema = z.looseObject({ _id: z.string() });

export function documentCases({ it, store, things }: StoreContext): void {
  it('gives back what was inserted', async () => {
    const collection = await things();
    const doc = {
      _id: 'a',
      text: 'x',
      n: 1.5,
      big: 2 ** 40,
      no: false,
      none: null,
      list: [1, 'a', { b: [] }],
      tree: { a: {} },
    };
    await collection.insert(doc);
    expect(await collection.get('a')).toEqual(doc);
    expect(await collection.get('b')).toBeUndefined();
  });

  it('keeps lists within lists', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', list: [[1, [2]], []] });
    expect(await collection.get('a')).toEqual({ _id: 'a', list: [[1, [2]], []] });
  });

  it('gives back only the fields that were asked for', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', text: 'x', n: 1, tree: { b: 2, c: 3 } });
    expect(await collection.get('a', ['n', 'tree', 'missing'])).toEqual({ _id: 'a', n: 1, tree: { b: 2, c: 3 } });
    expect(await collection.getMany(['a'], ['text'])).toEqual([{ _id: 'a', text: 'x' }]);
  });

  it('gets many, without those that do not exist', async () => {
    const collection = await things();
    await collection.insertMissing([{ _id: 'a' }, { _id: 'b' }, { _id: 'c' }]);
    const found = await collection.getMany(['c', 'a', 'nobody']);
    expect(found.map((doc) => doc._id).sort()).toEqual(['a', 'c']);
    expect(await collection.getMany([])).toEqual([]);
  });

  it('refuses what does not fit the schema, and says where', async () => {
    const collection = await things();
    const wrong: unknown = { _id: 'a', at: 'noon' };
    await expect(collection.insert(wrong as { _id: string })).rejects.toThrow(/not a document of "things\d+": at: /);
    await expect(collection.insert({ _id: '' })).rejects.toThrow('_id');
    expect(await collection.count({})).toBe(0);
  });

  it('refuses a second document of an _id', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', n: 1 });
    await expect(collection.insert({ _id: 'a', n: 2 })).rejects.toMatchObject({ code: 'conflict' });
    expect(await collection.get('a')).toEqual({ _id: 'a', n: 1 });
  });

  it('refuses a second document of a unique key', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', ownerId: 'o', key: 'k' });
    await expect(collection.insert({ _id: 'b', ownerId: 'o', key: 'k' })).rejects.toMatchObject({ code: 'conflict' });
    await collection.insert({ _id: 'c', ownerId: 'p', key: 'k' });
    expect(await collection.get('b')).toBeUndefined();
  });

  it('lets any number of documents lack a unique key, or one field of it', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a' });
    await collection.insert({ _id: 'b' });
    await collection.insert({ _id: 'c', ownerId: 'o' });
    await collection.insert({ _id: 'd', ownerId: 'o', key: undefined });
    await collection.insert({ _id: 'e', key: 'k' });
    await collection.insert({ _id: 'f', key: 'k' });
    expect(await collection.count({})).toBe(6);
  });

  it('inserts those that are missing, and counts them', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', n: 1 });
    expect(
      await collection.insertMissing([
        { _id: 'a', n: 2 },
        { _id: 'b', n: 2 },
        { _id: 'b', n: 3 },
      ]),
    ).toBe(1);
    expect(
      await collection.insertMissing([
        { _id: 'a', n: 2 },
        { _id: 'b', n: 2 },
      ]),
    ).toBe(0);
    expect(await collection.insertMissing([])).toBe(0);
    expect(await collection.getMany(['a', 'b'], ['n'])).toEqual(
      expect.arrayContaining([
        { _id: 'a', n: 1 },
        { _id: 'b', n: 2 },
      ]),
    );
  });

  it('inserts the others of those that are missing where one has a unique key that is taken', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', slot: 's' });
    const inserted = collection.insertMissing([{ _id: 'a' }, { _id: 'b', slot: 's' }, { _id: 'c' }]);
    await expect(inserted).rejects.toMatchObject({ code: 'conflict' });
    expect((await collection.getMany(['a', 'b', 'c'], [])).map((doc) => doc._id).sort()).toEqual(['a', 'c']);
  });

  it('stores what is undefined as absent', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', ownerId: undefined, tree: { b: undefined, c: 1 } });
    const doc = await collection.get('a');
    expect(doc && Object.keys(doc)).toEqual(['_id', 'tree']);
    expect(doc?.['tree']).toStrictEqual({ c: 1 });
  });

  it('keeps any text, but for lone surrogates, which become U+FFFD', async () => {
    const collection = await things();
    const texts = [
      '',
      '\0',
      'a\0b\u0001\u007f',
      '👩‍👩‍👧‍👦 naïve 日本語 עברית',
      '\u2028\ufeff\uffff',
      '\\ud800 \\\\ud800 "\\u0000"',
      "'; DROP TABLE",
    ];
    await collection.insert({ _id: 'a', texts, lone: ['a\ud800', '\udc00b', '\ud800\ud800\udc00', '\\\ud800'] });
    expect(await collection.get('a')).toEqual({
      _id: 'a',
      texts,
      lone: ['a\ufffd', '\ufffdb', '\ufffd\u{10000}', '\\\ufffd'],
    });
  });

  it('takes any text for an _id', async () => {
    const collection = await things();
    const ids = ['a b', 'ü', '👩‍👩‍👧', 'a\0b', '$a.b', '__proto__', 'x\'y"z'];
    for (const [n, _id] of ids.entries()) await collection.insert({ _id, n });
    for (const [n, _id] of ids.entries()) expect(await collection.get(_id)).toEqual({ _id, n });
    expect(await collection.getMany(ids)).toHaveLength(ids.length);
    expect((await collection.find({ where: { _id: { in: ids } }, limit: 100 })).items).toHaveLength(ids.length);
  });

  it('refuses names of fields that one of the databases would not take', async () => {
    const collection = await things();
    const proto: unknown = JSON.parse('{"__proto__": 1}');
    for (const wrong of [
      { $set: 1 },
      { tree: { $a: 1 } },
      { 'a.b': 1 },
      { list: [{ '': 1 }] },
      { 'a\0': 1 },
      { tree: proto },
    ]) {
      await expect(collection.insert({ _id: 'a', ...wrong })).rejects.toThrow('stored');
      await expect(collection.update('a', { set: { x: wrong } })).rejects.toThrow('stored');
    }
    await expect(collection.insert({ _id: 'a', _hidden: 1 })).rejects.toThrow('_hidden');
    expect(await collection.count({})).toBe(0);
  });

  it('refuses to index what databases index differently', async () => {
    const collection = await things();
    await expect(collection.insert({ _id: 'a', nested: { flag: [1] } })).rejects.toThrow('"nested.flag"');
    await expect(collection.insert({ _id: 'a', slot: null })).rejects.toThrow('"slot"');
    await collection.insert({ _id: 'a', nested: { flag: null } });
    await expect(collection.update('a', { set: { nested: { flag: {} } } })).rejects.toThrow('"nested.flag"');
    await expect(collection.update('a', { set: { slot: null } })).rejects.toThrow('"slot"');
    await expect(collection.update('a', { push: { slot: [1] } })).rejects.toThrow('"slot"');
    await expect(collection.update('a', { set: { 'slot.x': 1 } })).rejects.toThrow('"slot"');
    expect(await collection.get('a')).toEqual({ _id: 'a', nested: { flag: null } });
  });

  it('keeps documents up to the largest size, and refuses larger ones', async () => {
    const collection = await things();
    const frame = JSON.stringify({ _id: 'a', text: '' }).length;
    const text = 'x'.repeat(maxDocumentBytes - frame);
    await expect(collection.insert({ _id: 'a', text: `${text}x` })).rejects.toMatchObject({
      code: 'document_too_large',
    });
    await expect(collection.insert({ _id: 'a', text: 'é'.repeat(text.length / 2 + 1) })).rejects.toMatchObject({
      code: 'document_too_large',
    });
    await collection.insert({ _id: 'a', text });
    expect(String((await collection.get('a'))?.['text']).length).toBe(text.length);
    await expect(collection.update('a', { set: { b: 1 } })).rejects.toMatchObject({ code: 'document_too_large' });
    expect(await collection.update('a', { set: { text: 'short', b: 2 } })).toEqual({ _id: 'a', text: 'short', b: 2 });
    expect(await collection.update('a', { set: { b: 3 } }, { b: 2 })).toEqual({ _id: 'a', text: 'short', b: 3 });
  });

  it('deletes one, where its condition holds', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', n: 1 });
    expect(await collection.delete('a', { n: 2 })).toBe(false);
    expect(await collection.delete('a', { n: 1, gone: { absent: true } })).toBe(true);
    expect(await collection.delete('a')).toBe(false);
    expect(await collection.get('a')).toBeUndefined();
    await collection.insert({ _id: 'a', n: 2 });
    expect(await collection.delete('a')).toBe(true);
  });

  it('can be prepared again, and by several at once', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a' });
    const spec = { name: 'prepared', version: 1, schema: thingSchema, indexes: [{ fields: ['b'], unique: true }] };
    await Promise.all([1, 2, 3, 4].map(() => store().prepare([spec])));
    await store().prepare([spec]);
    await store().collection(spec).insert({ _id: 'a' });
    expect(await store().collection(spec).count({})).toBe(1);
  });

  it('gives documents that were there before an index or searchable text the same place as others', async () => {
    const before = { name: 'grown', version: 1, schema: thingSchema, indexes: [{ fields: ['a'] }] };
    await store().prepare([before]);
    await store()
      .collection(before)
      .insert({ _id: 'a', b: { c: 1 }, title: 'An old song' });
    const after = { ...before, indexes: [{ fields: ['b.c'] }, { fields: ['d'], unique: true }], text: ['title'] };
    await store().prepare([after]);
    const collection = store().collection(after);
    expect(await collection.count({ 'b.c': 1 })).toBe(1);
    expect((await collection.search('song', { where: {}, limit: 1 })).items).toHaveLength(1);
    await collection.update('a', { set: { 'b.c': 2 } });
    expect(await collection.count({ 'b.c': 2 })).toBe(1);
  });

  it('answers a ping', async () => {
    await store().ping();
  });
}
