import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { migrationStates, stateId } from '#platform/store/migration-state.ts';
import { openMongoStore } from '#platform/store/mongo-store.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import {
  allOf,
  blanks,
  headerOf,
  noteSpec,
  notes,
  release,
  restoreFrom,
  variedNotes,
  writeTo,
} from './archive.fixture.ts';

const { logger } = collectingLogger();
const mongodbUri = inject('mongodbUri');
const dir = await mkdtemp(join(tmpdir(), 'lamplight-archive-'));
afterAll(() => rm(dir, { recursive: true }));

const opened: Store[] = [];
const keep = (store: Store): Store => {
  opened.push(store);
  return store;
};
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

const openSqlite = async (): Promise<Store> => keep(await openSqliteStore({ file: ':memory:', logger }));
const openMongo = async (): Promise<Store> => {
  const uri = new URL(mongodbUri ?? '');
  uri.pathname = `/archive-${randomUUID()}`;
  return keep(await openMongoStore({ uri: uri.href, logger }));
};

const filled = async (open: () => Promise<Store>, count: number): Promise<Store> => {
  const store = await open();
  await store.prepare(release.specs);
  const docs = variedNotes(count);
  for (let at = 0; at < docs.length; at += 1_000)
    await store.collection(notes).insertMissing(docs.slice(at, at + 1_000));
  return store;
};

describe.each([
  ['SQLite', 'SQLite', openSqlite, openSqlite],
  ['SQLite', 'MongoDB', openSqlite, openMongo],
  ['MongoDB', 'SQLite', openMongo, openSqlite],
] as const)('an archive of %s in %s', (from, to, openSource, openTarget) => {
  it.skipIf(!mongodbUri && (from === 'MongoDB' || to === 'MongoDB'))(
    'brings every document over as it was, to be found and to be unique as before',
    async () => {
      const path = join(dir, `${from}-${to}`);
      const source = await filled(openSource, 1_200);
      // The stand-in for MongoDB takes many seconds over the largest.
      const units = from === to ? 7_000_000 : 500_000;
      await source.collection(notes).insert({ _id: 'large', text: 'ü'.repeat(from === 'SQLite' ? units : 500_000) });
      const { manifest } = await writeTo(path, source);
      expect(manifest.contents.map(({ name, count }) => [name, count])).toEqual([
        ['notes', 1_204],
        ['blanks', 0],
        ['blobs', 0],
      ]);
      const target = await openTarget();
      const restored = await restoreFrom(path, target);
      expect(restored.manifest).toEqual(manifest);
      expect(await allOf(target)).toEqual(await allOf(source));
      const things = target.collection(notes);
      expect((await things.search('strasse oil', { where: {}, limit: 5 })).items).toEqual([]);
      expect((await things.search('straße', { where: {}, limit: 5 })).items.map(({ _id }) => _id)).toEqual(['plain']);
      expect(await things.count({ at: { gte: 100 } })).toBe(1_100);
      await expect(things.insert({ _id: 'new', slot: 'slot7' })).rejects.toMatchObject({ code: 'conflict' });
    },
  );
});

describe('a restore', () => {
  let path: string;
  beforeAll(async () => {
    path = join(dir, 'source');
    await writeTo(path, await filled(openSqlite, 1_500), headerOf({ migrations: { number: 0, done: [], served: 0 } }));
  });

  it('refuses a database that holds anything, says what, and changes nothing', async () => {
    const target = await openSqlite();
    await target.prepare(release.specs);
    await target.collection(blanks).insertMissing([{ _id: 'a' }, { _id: 'b' }]);
    await expect(restoreFrom(path, target)).rejects.toThrow('this one holds blanks (2). Nothing was changed.');
    expect(await allOf(target)).toEqual([]);
    expect(await target.collection(migrationStates).get(stateId)).toBeUndefined();
  });

  it('takes a database that was only migrated, and says of migrations what the archive says', async () => {
    const target = await openSqlite();
    await target.prepare([migrationStates]);
    await target.collection(migrationStates).insert({ _id: stateId, number: 0, done: [], term: 4, checkpoint: 1 });
    await restoreFrom(path, target);
    const state = await target.collection(migrationStates).get(stateId);
    expect(state).toEqual({ _id: stateId, number: 0, done: [], served: 0, term: 5 });
  });

  it('keeps fields that the present release does not know: migrations bring them forward', async () => {
    const strict = { ...notes, schema: noteSpec('notes').schema.refine(() => false) };
    const target = await openSqlite();
    await restoreFrom(path, target, { ...release, specs: [strict, blanks] });
    expect(await allOf(target)).toHaveLength(1_503);
  });

  it('that was cut off leaves a mark, and goes on with the same archive only', async () => {
    const target = await openSqlite();
    const stop = new AbortController();
    const cut = restoreFrom((await readFile(path)).subarray(0, -600), target);
    await expect(cut).rejects.toThrow('damaged or cut off');
    expect(await target.collection(migrationStates).get(stateId)).toMatchObject({ restoring: expect.any(String) });
    const other = join(dir, 'other');
    await writeTo(other, await filled(openSqlite, 1));
    await expect(restoreFrom(other, target)).rejects.toThrow('another archive into this database was cut off. Drop it');
    stop.abort(new Error('stopped'));
    await expect(restoreFrom(path, target, release, stop.signal)).rejects.toThrow('stopped');
    await restoreFrom(path, target);
    expect(await allOf(target)).toHaveLength(1_503);
    expect(await target.collection(migrationStates).get(stateId)).not.toHaveProperty('restoring');
  });

  it('finds out where somebody else writes into the database meanwhile', async () => {
    for (const meddle of [
      (store: Store) => store.collection(notes).insert({ _id: 'zzz' }),
      (store: Store) => store.collection(notes).update('n7', { set: { text: 'other' } }),
      (store: Store) => store.collection(notes).delete('n8'),
    ]) {
      const target = await openSqlite();
      await expect(restoreFrom((await readFile(path)).subarray(0, -600), target)).rejects.toThrow('cut off');
      await target.collection(notes).insertMissing((await allOf(await filled(openSqlite, 1_500))).slice(0, 3_000));
      await meddle(target);
      const again = restoreFrom(path, target);
      if (meddle.toString().includes('delete')) await expect(again).resolves.toBeDefined();
      else await expect(again).rejects.toThrow(/restored of "notes" is not what the archive holds \(150[34] of 1503/);
    }
  });

  it('refuses what a newer release made, before it writes anything', async () => {
    const source = await filled(openSqlite, 1);
    const done = [{ number: 1, name: 'later', at: 1 }];
    const collections = [notes, blanks].map(({ name, version }) => ({ name, version }));
    for (const [header, says] of [
      [headerOf({ release: '1.3.0' }), 'release 1.3.0, which is newer than this one (1.2.3). Restore it with that'],
      [headerOf({ release: '2.0.0-rc.1' }), 'release 2.0.0-rc.1, which is newer'],
      [headerOf({ migrations: { number: 1, done } }), 'which is newer'],
      [
        headerOf({ collections: [...collections, { name: 'files', version: 1 }] }),
        'does not know "files" in version 1',
      ],
      [headerOf({ collections: collections.map((each) => ({ ...each, version: 2 })) }), '"notes" in version 2'],
    ] as const) {
      const newer = join(dir, 'newer');
      await writeTo(newer, source, header);
      const target = await openSqlite();
      await expect(restoreFrom(newer, target)).rejects.toThrow(says);
      expect(await target.collection(migrationStates).get(stateId)).toBeUndefined();
    }
    const older = join(dir, 'older');
    await writeTo(older, source, headerOf({ release: '1.2.0' }));
    await expect(restoreFrom(older, await openSqlite())).resolves.toBeDefined();
  });
});
