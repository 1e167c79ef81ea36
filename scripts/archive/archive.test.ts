import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { pack } from 'tar-stream';
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
import { readArchive } from './read-archive.ts';

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

const read = (from: string | Uint8Array) =>
  readArchive(typeof from === 'string' ? createReadStream(from) : Readable.from([from]), {
    onHeader: async () => {},
    onDocuments: async () => {},
  });

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

describe('reading an archive', () => {
  let whole: Buffer;
  beforeAll(async () => {
    await writeTo(join(dir, 'whole'), await filled(openSqlite, 300));
    whole = await readFile(join(dir, 'whole'));
  });

  it('finds any byte that was changed, where that changes anything', async () => {
    const intact = await read(whole);
    let found = 0;
    const step = Math.max(1, Math.floor(whole.length / 400));
    for (let at = 0; at < whole.length; at += step) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      try {
        // Some bytes are the compression's own: its format's spare bits, its checksum.
        expect(await read(damaged), `byte ${at}`).toEqual(intact);
      } catch (error) {
        expect(String(error), `byte ${at}`).toMatch(/damaged|not an archive|newer release/);
        found++;
      }
    }
    expect(found).toBeGreaterThan(390);
  });

  it('finds where it was cut off, wherever that is', async () => {
    for (const length of [0, 1, 10, whole.length / 4, whole.length / 2, whole.length - 100]) {
      await expect(read(whole.subarray(0, Math.floor(length))), `${length}`).rejects.toThrow('damaged or cut off');
    }
  });

  it('says so where a file is no archive of Lamplight', async () => {
    const foreign = pack();
    foreign.entry({ name: 'hello.txt' }, 'hello');
    foreign.finalize();
    const other = zstdCompressSync(await buffer(Readable.from(foreign)));
    await expect(read(other)).rejects.toThrow('a tar file, but not an archive of Lamplight');
    await expect(read(Buffer.from('{"a": 1}'))).rejects.toThrow('not an archive of Lamplight');
    await expect(read(zstdCompressSync(Buffer.from('text')))).rejects.toThrow('not an archive of Lamplight');
  });

  it('has all where only the end of the compression is missing', async () => {
    expect((await read(whole.subarray(0, -1))).manifest).toEqual((await read(whole)).manifest);
  });

  /** The archive as somebody else packed it again, who changed its entries. */
  const repacked = async (change: (name: string, text: string) => Array<[string, string]>): Promise<Buffer> => {
    const out = pack();
    const tar = zstdDecompressSync(whole);
    for (let at = 0; tar[at]; ) {
      const name = tar.toString('utf8', at, tar.indexOf(0, at));
      const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8);
      const text = tar.toString('utf8', at + 512, at + 512 + size);
      for (const [newName, newText] of change(name, text)) out.entry({ name: newName }, newText);
      at += 512 + Math.ceil(size / 512) * 512;
    }
    out.finalize();
    return zstdCompressSync(await buffer(Readable.from(out)));
  };

  it('finds what was changed by who packed it again', async () => {
    await expect(read(await repacked((name, text) => [[name, text]]))).resolves.toBeDefined();
    const part = 'records/notes/1.ndjson';
    const changes: ReadonlyArray<[string, (name: string, text: string) => Array<[string, string]>, string]> = [
      ['a word', (name, text) => [[name, name === part ? text.replace('words', 'Words') : text]], '"notes" is not'],
      ['a line less', (name, text) => [[name, name === part ? text.replace(/^.*\n/, '') : text]], '"notes" is not'],
      ['a line twice', (name, text) => [[name, name === part ? text.replace(/^.*\n/, '$&$&') : text]], 'not in order'],
      ['no document', (name, text) => [[name, name === part ? `{}\n${text}` : text]], 'else than documents'],
      ['no JSON', (name, text) => [[name, name === part ? `{\n${text}` : text]], 'is not JSON'],
      ['no part', (name, text) => (name === part ? [] : [[name, text]]), '"notes" is not'],
      [
        'another part',
        (name, text) => [
          [name, text],
          ...(name === part ? ([['records/x/1.ndjson', text]] as Array<[string, string]>) : []),
        ],
        'not in its place',
      ],
      ['no end', (name, text) => (name === 'manifest.json' ? [] : [[name, text]]), 'its end is missing'],
      [
        'more after the end',
        (name, text) => [[name, text], ...(name === 'manifest.json' ? ([['x', '']] as Array<[string, string]>) : [])],
        'x follows its end',
      ],
      [
        'another header',
        (name, text) => [[name, name === 'header.json' ? text.replace('1.2.3', '1.2.2') : text]],
        'header.json is not what',
      ],
      [
        'half a header',
        (name, text) => [[name, name === 'header.json' ? text.replace('createdAt', 'made') : text]],
        'header.json lacks',
      ],
      [
        'a newer format',
        (name, text) => [
          [name, name === 'header.json' ? text.replace('"formatVersion":1', '"formatVersion":2') : text],
        ],
        'newer release (1.2.3), in a format',
      ],
    ];
    for (const [what, change, says] of changes) {
      await expect(read(await repacked(change)), what).rejects.toThrow(says);
    }
  });

  it('does not take in an entry that would fill the memory', async () => {
    const out = pack();
    out.entry({ name: 'header.json', size: 26_000_000 }, Buffer.alloc(26_000_000).toString());
    out.finalize();
    const bomb = zstdCompressSync(await buffer(Readable.from(out)));
    await writeFile(join(dir, 'bomb'), bomb);
    await expect(read(bomb)).rejects.toThrow('larger than any that a backup writes');
  });
});
