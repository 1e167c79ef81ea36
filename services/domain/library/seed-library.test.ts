import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { AnyCollectionSpec, Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { LibraryError } from './library-files.ts';
import { libraryCollections, libraryOwner, openLibraryRecords } from './library-records.ts';
import { type SeedTools, seedFirstLibrary, seedLibrary } from './seed-library.ts';

const ours = resolve(import.meta.dirname, '../../../library');
const none = { added: 0, changed: 0, removed: 0 };
const unchanged = { characters: none, scenes: none, prompts: none };

describe('the library in the store', () => {
  let store: Store;
  let tools: SeedTools;
  let folder: string;
  beforeEach(async () => {
    store = await openSqliteStore({ file: ':memory:', logger: collectingLogger().logger });
    await store.prepare(Object.values(libraryCollections));
    tools = { library: openLibraryRecords(store), clock: systemClock };
    folder = await mkdtemp(join(tmpdir(), 'lamplight-library-'));
    await cp(ours, folder, { recursive: true });
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  type Entry = Record<string, unknown>;
  const edit = async (kind: string, change: (entries: Entry[]) => readonly Entry[]) => {
    const file = join(folder, `${kind}.json`);
    await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')))));
  };
  const stored = async () => {
    const all: unknown[] = [];
    const specs: readonly AnyCollectionSpec[] = Object.values(libraryCollections);
    for (const spec of specs) for await (const doc of store.collection(spec).scan()) all.push(doc);
    return all;
  };
  const cutOff = <T extends object>(collection: T): T =>
    new Proxy(collection, {
      get: (target, name) => {
        if (name === 'insertMissing') return () => Promise.reject(new Error('cut off'));
        const method: unknown = Reflect.get(target, name);
        return typeof method === 'function' ? method.bind(target) : method;
      },
    });
  const mine = { _id: 'mine', ownerId: 'ada', createdAt: 1, place: 'A pond', mood: 'calm', events: ['rain'] };

  it('is what the files say, and stays so where they are taken in again', async () => {
    const { characters, scenes, prompts } = await seedLibrary(tools, folder);
    for (const { added } of [characters, scenes, prompts]) expect(added).toBeGreaterThanOrEqual(8);
    const first = await stored();
    expect(await seedLibrary(tools, folder)).toEqual(unchanged);
    expect(await stored()).toEqual(first);
  });

  it("gains, changes and loses what the files do, and nothing of people's", async () => {
    await seedLibrary(tools, folder);
    await tools.library.scenes.insert(mine);
    const before = await tools.library.scenes.get('night-train');
    await edit('scenes', ([first, second, ...rest]) => [
      { ...second, mood: 'changed' },
      ...rest.filter(({ id }) => id !== 'tide-pools'),
      { ...first, id: 'added' },
    ]);
    expect(await seedLibrary(tools, folder)).toEqual({ ...unchanged, scenes: { added: 1, changed: 1, removed: 2 } });
    expect(await tools.library.scenes.get('tide-pools')).toBeUndefined();
    expect(await tools.library.scenes.get('added')).toMatchObject({ ownerId: libraryOwner });
    expect(await tools.library.scenes.get('night-train')).toEqual(before);
    expect(await tools.library.scenes.get('mine')).toEqual(mine);
    await edit('scenes', () => []);
    await seedLibrary(tools, folder);
    expect(await tools.library.scenes.count({ ownerId: libraryOwner })).toBe(0);
    expect(await tools.library.scenes.get('mine')).toEqual(mine);
  });

  it('is not changed where a file has a mistake, or an id is a person’s', async () => {
    await seedLibrary(tools, folder);
    await tools.library.scenes.insert(mine);
    const before = await stored();
    await edit('characters', (entries) => entries.slice(1));
    for (const wrong of [
      { id: 'x' },
      { ...mine, id: 'mine', _id: undefined, ownerId: undefined, createdAt: undefined },
    ]) {
      await edit('scenes', (entries) => [...entries.filter(({ id }) => id !== 'x'), wrong]);
      await expect(seedLibrary(tools, folder)).rejects.toBeInstanceOf(LibraryError);
      expect(await stored()).toEqual(before);
    }
  });

  it('is taken in at the first start alone: what an operator removed does not come back', async () => {
    expect((await seedFirstLibrary(tools, folder))?.characters.added).toBeGreaterThanOrEqual(24);
    await edit('characters', () => []);
    expect(await seedFirstLibrary(tools, ours)).toBeUndefined();
    await seedLibrary(tools, folder);
    expect(await seedFirstLibrary(tools, ours)).toBeUndefined();
    expect(await tools.library.characters.count({ ownerId: libraryOwner })).toBe(0);
  });

  it('is completed where the first start was cut off', async () => {
    for (const cut of ['characters', 'scenes', 'prompts', 'state'] as const) {
      const library = { ...tools.library, [cut]: cutOff(tools.library[cut]) };
      await expect(seedFirstLibrary({ ...tools, library }, folder)).rejects.toThrow('cut off');
    }
    await seedFirstLibrary(tools, folder);
    const complete = await stored();
    expect(complete.length).toBeGreaterThan(24 + 24 + 8);
    expect(await seedLibrary(tools, folder)).toEqual(unchanged);
  });

  it('comes from several starts at once as from one', async () => {
    await Promise.all([1, 2, 3].map(() => seedFirstLibrary(tools, folder)));
    expect(await seedLibrary(tools, folder)).toEqual(unchanged);
  });
});
