import { expect } from 'vitest';
import type { Where } from './store.ts';
import type { StoreContext } from './store-things.ts';

export function updateCases({ it, things }: StoreContext): void {
  it('sets, unsets, increments and pushes in one change, and gives the document after it', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', n: 1, old: 1, tree: { b: 1, gone: 2 }, list: [1] });
    const change = {
      set: { text: 'x', 'tree.c.d': [1] },
      unset: ['old', 'tree.gone', 'never.was'],
      increment: { n: 2, 'tree.b': -0.5, fresh: 3 },
      push: { list: [2, { e: 3 }], 'tree.made': ['x'] },
    };
    const after = {
      _id: 'a',
      n: 3,
      tree: { b: 0.5, c: { d: [1] }, made: ['x'] },
      list: [1, 2, { e: 3 }],
      text: 'x',
      fresh: 3,
    };
    expect(await collection.update('a', change)).toEqual(after);
    expect(await collection.get('a')).toEqual(after);
  });

  it('reaches into arrays by numeric steps', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', output: [{ kind: 'text', text: 'x' }] });
    await collection.update('a', { set: { 'output.0.text': 'longer', 'output.1.text': 'second' } });
    await collection.update('a', { push: { 'output.1.notes': ['n'] }, increment: { 'output.0.count': 1 } });
    await collection.update('a', { set: { 'output.3': 'fourth' } }, { 'output.0.text': 'longer' });
    expect(await collection.get('a')).toEqual({
      _id: 'a',
      output: [{ kind: 'text', text: 'longer', count: 1 }, { text: 'second', notes: ['n'] }, null, 'fourth'],
    });
  });

  it('takes numeric steps for names where there is no array', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', tree: { '0': 'x' } });
    await collection.update('a', { set: { 'tree.0': 'y', 'made.1.b': 2 } }, { 'tree.0': 'x' });
    expect(await collection.get('a')).toEqual({ _id: 'a', tree: { '0': 'y' }, made: { '1': { b: 2 } } });
  });

  it('gives back only the fields that were asked for', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', n: 1, tree: { b: 1 } });
    expect(await collection.update('a', { set: { n: 2 } }, { n: 1 }, ['n', 'missing'])).toEqual({ _id: 'a', n: 2 });
    expect(await collection.update('a', { set: { n: 3 } }, { n: 2 }, [])).toEqual({ _id: 'a' });
    expect(await collection.update('a', { set: { n: 4 } }, { n: 2 }, [])).toBeUndefined();
    expect(await collection.get('a')).toEqual({ _id: 'a', n: 3, tree: { b: 1 } });
  });

  it('changes nothing where the condition does not hold, and never inserts', async () => {
    const collection = await things();
    expect(await collection.update('nobody', { set: { n: 1 } })).toBeUndefined();
    expect(await collection.get('nobody')).toBeUndefined();
    await collection.insert({ _id: 'a', n: 5, text: 'm', flag: true, tree: { b: 'x' }, none: null });
    const change = { increment: { tries: 1 } };
    for (const where of [
      { n: 4 },
      { n: '5' },
      { n: true },
      { missing: 1 },
      { n: { in: [1, 2] } },
      { n: { in: [] } },
      { n: { gt: 5 } },
      { n: { gte: 1, lt: 5 } },
      { n: { gt: '' } },
      { text: { lt: 'm' } },
      { text: { gt: 1 } },
      { flag: false },
      { flag: 1 },
      { 'tree.b': 'y' },
      { 'tree.b.c': 1 },
      { n: { absent: true as const } },
      { none: { absent: true as const } },
      { 'tree.b': { absent: true as const } },
      { missing: { lt: 1 } },
      { n: 5, text: 'x' },
      { _id: 'b' },
    ]) {
      expect(await collection.update('a', change, where), JSON.stringify(where)).toBeUndefined();
    }
    expect((await collection.get('a'))?.['tries']).toBeUndefined();
    for (const where of [
      { n: 5 },
      { n: { in: [4, 5] } },
      { n: { gte: 5, lte: 5 } },
      { n: { gt: 4.5, lt: 6 } },
      { text: { gt: 'l', lt: 'n' } },
      { flag: true },
      { 'tree.b': 'x' },
      { missing: { absent: true as const }, 'tree.c': { absent: true as const }, 'text.x': { absent: true as const } },
      { _id: 'a', n: 5 },
      {},
    ]) {
      expect(await collection.update('a', change, where), JSON.stringify(where)).toBeDefined();
    }
    expect((await collection.get('a'))?.['tries']).toBe(10);
  });

  it('compares text by code points', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', text: '\u{1f600}' });
    expect(await collection.update('a', { set: { n: 1 } }, { text: { gt: '\uffee' } })).toBeDefined();
    expect(await collection.update('a', { set: { n: 1 } }, { text: { lt: '\uffee' } })).toBeUndefined();
  });

  it('lets exactly one of 200 concurrent updates with one condition win', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', status: 'queued', attempt: 0 });
    const claims = Array.from({ length: 200 }, (_, n) =>
      collection.update('a', { set: { status: 'running', by: n }, increment: { attempt: 1 } }, { status: 'queued' }),
    );
    const won = (await Promise.all(claims)).filter((doc) => doc !== undefined);
    expect(won).toHaveLength(1);
    expect(await collection.get('a')).toEqual(won[0]);
    expect(won[0]?.['attempt']).toBe(1);
  });

  it('loses none of 100 concurrent increments and pushes, of words neither', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', n: 0 });
    const changes = Array.from({ length: 100 }, (_, n) =>
      collection.update(
        'a',
        n % 10 === 0
          ? { set: { title: `word${n}` }, increment: { n: 1 } }
          : { increment: { n: 1 }, push: { list: [n] } },
      ),
    );
    await Promise.all(changes);
    const doc = await collection.get('a');
    expect(doc?.['n']).toBe(100);
    expect(doc?.['list']).toHaveLength(90);
    expect((await collection.search(String(doc?.title), { where: {}, limit: 1 })).items).toHaveLength(1);
  });

  it('refuses a change to a unique key that is taken, and takes one that is free', async () => {
    const collection = await things();
    await collection.insertMissing([
      { _id: 'a', slot: 'a' },
      { _id: 'b', slot: 'b' },
    ]);
    await expect(collection.update('b', { set: { slot: 'a', n: 1 } })).rejects.toMatchObject({ code: 'conflict' });
    await collection.update('a', { unset: ['slot'] });
    expect(await collection.update('b', { set: { slot: 'a' } })).toEqual({ _id: 'b', slot: 'a' });
    await collection.insert({ _id: 'c', slot: 'b' });
  });

  it('refuses to let a document grow beyond the largest size, step by step as well', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', n: 0 });
    const piece = 'x'.repeat(7_000_000);
    for (let n = 0; n < 2; n++) await collection.update('a', { push: { list: [piece] } }, {}, []);
    await expect(collection.update('a', { push: { list: [piece] } })).rejects.toMatchObject({
      code: 'document_too_large',
    });
    await expect(collection.update('a', { set: { title: piece } })).rejects.toMatchObject({
      code: 'document_too_large',
    });
    expect(await collection.update('a', { increment: { n: 1 } }, { n: 0 }, ['n'])).toEqual({ _id: 'a', n: 1 });
    expect(await collection.update('a', { increment: { n: 1 } }, { n: 0 }, ['n'])).toBeUndefined();
  });

  it('does not take what was replaced for growth', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a' });
    for (let n = 1; n <= 2; n++) {
      expect(await collection.update('a', { set: { text: `${n}`.repeat(8_000_000), n } }, {}, ['n'])).toEqual({
        _id: 'a',
        n,
      });
    }
  });

  it('stores what it is given as an insert would', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', kept: 1 });
    const set = {
      kept: undefined,
      lone: '\ud800',
      deep: { gone: undefined, list: [undefined, '\udc00'] },
      text: 'a\0b',
    };
    const after = {
      _id: 'a',
      kept: 1,
      lone: '\ufffd',
      deep: { list: [null, '\ufffd'] },
      text: 'a\0b',
      list: ['\ufffd', null],
    };
    expect(await collection.update('a', { set, push: { list: ['\ud83d', undefined] } })).toStrictEqual(after);
    expect(await collection.get('a')).toStrictEqual(after);
  });

  it('takes a change of nothing for a look at the condition', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', n: 1 });
    expect(await collection.update('a', {}, { n: 1 })).toEqual({ _id: 'a', n: 1 });
    expect(await collection.update('a', {}, { n: 2 })).toBeUndefined();
  });

  it('refuses changes that make no sense, and leaves the document as it was', async () => {
    const collection = await things();
    const doc = { _id: 'a', n: 1, text: 'x', list: [1], none: null };
    await collection.insert(doc);
    for (const change of [
      { set: { _id: 'b' } },
      { set: { $where: 1 } },
      { set: { 'a.$.b': 1 } },
      { set: { 'a..b': 1 } },
      { set: { '': 1 } },
      { set: { 'a.__proto__.b': 1 } },
      { set: { '_.z': 1 } },
      { set: { 'n.b': 1 } },
      { set: { 'none.b': 1 } },
      { set: { 'list.b': 1 } },
      { set: { 'list.9999999': 1 } },
      { set: { tree: 1, 'tree.b': 1 } },
      { set: { n: 1 }, increment: { n: 1 } },
      { unset: ['list.0'] },
      { increment: { text: 1 } },
      { increment: { none: 1 } },
      { increment: { n: Number.NaN } },
      { push: { n: [1] } },
      { push: { none: [1] } },
    ]) {
      await expect(collection.update('a', change), JSON.stringify(change)).rejects.toThrow();
    }
    expect(await collection.get('a')).toEqual(doc);
  });

  it('refuses conditions that are none', async () => {
    const collection = await things();
    await collection.insert({ _id: 'a', n: 1 });
    const wrong: unknown[] = [
      undefined,
      null,
      [],
      {},
      { $gt: 0 },
      { gt: 1, absent: true },
      { in: [null] },
      { gt: undefined },
      Number.NaN,
    ];
    for (const n of wrong) {
      const where = { n } as Record<string, unknown> as Where;
      await expect(collection.update('a', { set: { n: 2 } }, where), JSON.stringify(n)).rejects.toThrow('"n"');
      await expect(collection.delete('a', where)).rejects.toThrow('"n"');
    }
    expect(await collection.get('a')).toEqual({ _id: 'a', n: 1 });
  });
}
