import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { waitFor } from '#tests/servers/child.ts';
import { openStore, openStoreToRead } from './open-store.ts';
import { openSqliteSnapshot, openSqliteStore } from './sqlite-store.ts';
import { describeStore } from './store.contract.ts';
import { thingSpec } from './store-things.ts';

const { logger } = collectingLogger();
const root = await mkdtemp(join(tmpdir(), 'lamplight-sqlite-'));
afterAll(() => rm(root, { recursive: true }));
const folder = (): Promise<string> => mkdtemp(join(root, 'data-'));

describeStore('SqliteStore in a file', {
  open: async () => openSqliteStore({ file: join(await folder(), 'lamplight.db'), logger }),
});
describeStore('SqliteStore in memory', { open: () => openSqliteStore({ file: ':memory:', logger }) });

/** Another process that opens the file, inserts `a`, prints a line, and keeps on updating it until it is killed. */
async function holder(file: string): Promise<ChildProcess> {
  const script = `
    import { openSqliteStore } from '#platform/store/sqlite-store.ts';
    import { thingSpec } from '#platform/store/store-things.ts';
    const nothing = () => {};
    const logger = { error: nothing, warn: nothing, info: nothing, debug: nothing };
    const store = await openSqliteStore({ file: process.argv[1], logger });
    await store.prepare([thingSpec('things')]);
    const things = store.collection(thingSpec('things'));
    await things.insert({ _id: 'a', title: 'kept', slot: 's', n: 0 });
    for (let n = 1; ; n++) {
      await things.update('a', { set: { n, text: 'x'.repeat(5000) } });
      if (n === 100) console.log('ready');
      if (n % 100 === 0) await new Promise(setImmediate);
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

describe('openSqliteStore', () => {
  it('refuses a folder that another process is using, says which, and opens it whole once that was killed', async () => {
    const dir = await folder();
    const file = join(dir, 'lamplight.db');
    const child = await holder(file);
    try {
      const opening = openSqliteStore({ file, logger });
      await expect(opening).rejects.toThrow(`Another process is using the data in ${dir}. Stop it, or`);
    } finally {
      await kill(child);
    }
    const store = await openSqliteStore({ file, logger });
    await store.prepare([thingSpec('things')]);
    const things = store.collection(thingSpec('things'));
    const doc = await things.get('a');
    expect(doc).toMatchObject({ title: 'kept', text: 'x'.repeat(5000) });
    expect(doc?.['n']).toBeGreaterThanOrEqual(100);
    expect((await things.search('kept', { where: {}, limit: 1 })).items).toHaveLength(1);
    await expect(things.insert({ _id: 'b', slot: 's' })).rejects.toMatchObject({ code: 'conflict' });
    await store.close();
  });

  it('keeps documents from one opening to the next', async () => {
    const file = join(await folder(), 'lamplight.db');
    for (let n = 0; n < 3; n++) {
      const store = await openSqliteStore({ file, logger });
      await store.prepare([thingSpec('things')]);
      await store.collection(thingSpec('things')).insert({ _id: `${n}` });
      expect(await store.collection(thingSpec('things')).count({})).toBe(n + 1);
      await store.close();
    }
  });

  it('refuses a file that is no database, and a path that cannot be one', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'text.db'), 'x'.repeat(5000));
    await mkdir(join(dir, 'folder.db'));
    for (const name of ['text.db', 'folder.db', 'missing/lamplight.db']) {
      await expect(openSqliteStore({ file: join(dir, name), logger }), name).rejects.toMatchObject({
        code: 'store_unavailable',
      });
    }
  });

  it('says that the store is unavailable once it was closed', async () => {
    const store = await openSqliteStore({ file: ':memory:', logger });
    await store.prepare([thingSpec('things')]);
    const things = store.collection(thingSpec('things'));
    await things.get('a');
    await store.close();
    await store.close();
    const gone = { code: 'store_unavailable' };
    await expect(things.get('a')).rejects.toMatchObject(gone);
    await expect(things.insert({ _id: 'a' })).rejects.toMatchObject(gone);
    await expect(things.insertMissing([{ _id: 'a' }])).rejects.toMatchObject(gone);
    await expect(things.update('a', {})).rejects.toMatchObject(gone);
    await expect(things.find({ where: {}, limit: 1 })).rejects.toMatchObject(gone);
    await expect(store.ping()).rejects.toMatchObject(gone);
    await expect(store.prepare([thingSpec('more')])).rejects.toMatchObject(gone);
  });
});

describe('openSqliteSnapshot', () => {
  it('reads beside a process that goes on writing, and sees one moment', async () => {
    const dir = await folder();
    const file = join(dir, 'lamplight.db');
    const child = await holder(file);
    try {
      const snapshot = await openSqliteSnapshot({ file });
      const things = snapshot.collection(thingSpec('things'));
      const seen = await things.get('a');
      const written = async () => {
        const later = await openSqliteSnapshot({ file });
        const doc = await later.collection(thingSpec('things')).get('a');
        await later.close();
        return Number(doc?.['n']) > Number(seen?.['n']) + 500;
      };
      await waitFor(written, { what: 'the other process to write on' });
      expect(await things.get('a')).toEqual(seen);
      expect((await things.search('kept', { where: {}, limit: 1 })).items).toEqual([seen]);
      await expect(things.update('a', { set: { n: 0 } })).rejects.toMatchObject({ code: 'store_unavailable' });
      await snapshot.close();
      await expect(things.get('a')).rejects.toMatchObject({ code: 'store_unavailable' });
    } finally {
      await kill(child);
    }
  });

  it('reads what a process that was killed left', async () => {
    const file = join(await folder(), 'lamplight.db');
    await kill(await holder(file));
    const snapshot = await openSqliteSnapshot({ file });
    expect(await snapshot.collection(thingSpec('things')).get('a')).toMatchObject({ title: 'kept' });
    await snapshot.close();
  });

  it('makes no file where there is none', async () => {
    const dir = await folder();
    const opening = openStoreToRead({ kind: 'embedded', dataDir: dir }, { logger });
    await expect(opening).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await readdir(dir)).toEqual([]);
  });
});

describe('openStore', () => {
  it('makes the folder of embedded data and holds it alone', async () => {
    const dataDir = join(await folder(), 'deep', 'data');
    const store = await openStore({ kind: 'embedded', dataDir }, { logger });
    await store.ping();
    await expect(openStore({ kind: 'embedded', dataDir }, { logger })).rejects.toThrow(dataDir);
    await store.close();
  });
});
