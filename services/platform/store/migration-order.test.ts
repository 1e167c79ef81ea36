import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { stillClock as still } from '#tests/timeline.ts';
import type { Migration } from './migration-state.ts';
import { pendingMigrations, runMigrations } from './migrations.ts';
import { openMongoStore } from './mongo-store.ts';
import { countWords, forgetTitles, songs } from './song-migrations.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

/** Of three releases: `[]`, `[countWords]`, and `both`, whose second step takes away what the first made unneeded. */
const both = [countWords, forgetTitles];
const shared = inject('mongodbUri');
const { logger } = collectingLogger();
const database = `migration-order-${randomUUID()}`;

afterAll(async () => {
  if (!shared) return;
  const client = new MongoClient(shared);
  await client.db(database).dropDatabase();
  await client.close();
});

const openMongo = async (): Promise<Store> => {
  const uri = new URL(shared ?? '');
  uri.pathname = `/${database}`;
  const client = new MongoClient(uri.href);
  await client.db(database).dropDatabase();
  await client.close();
  return openMongoStore({ uri: uri.href, logger });
};

describe('releases on SqliteStore', () => orderCases(() => openSqliteStore({ file: ':memory:', logger })));
describe.skipIf(!shared)('releases on MongoStore', () => orderCases(openMongo));

function orderCases(open: () => Promise<Store>): void {
  let store: Store;
  beforeEach(async () => {
    store = await open();
    await store.prepare([songs]);
    await store.collection(songs).insertMissing([{ _id: '1', title: 'one two', version: 1 }]);
    return () => store.close();
  });
  const numbers = async (migrations: readonly Migration[]) =>
    (await pendingMigrations(store, migrations)).map((migration) => migration.number);
  const run = (migrations: readonly Migration[], options: { allStopped?: boolean } = {}) =>
    runMigrations(store, migrations, { clock: still, logger, owner: 'a', ...options });

  it('lets the release before run on what was added, and not on what was taken away from it', async () => {
    await run([]);
    await run([countWords]);
    await expect(run([])).resolves.toBeUndefined();
    expect(await numbers([])).toEqual([]);
    await run([countWords]);
    await run(both);
    expect(await numbers([countWords])).toEqual([]);
    const message =
      /newer release: it has had migration 2 \("forget titles"\), which takes away what this release needs/;
    await expect(run([])).rejects.toThrow(message);
    await expect(pendingMigrations(store, [])).rejects.toThrow(message);
  });

  it('takes nothing away under a release that was not stepped through, unless all is stopped', async () => {
    await run([]);
    await expect(run(both)).rejects.toThrow(
      /Migration 2 \("forget titles"\) .* Upgrade to the release in between first/,
    );
    await expect(run(both)).rejects.toThrow('Nothing was changed');
    expect(await numbers(both)).toEqual([1, 2]);
    await run(both, { allStopped: true });
    expect(await numbers(both)).toEqual([]);
  });

  it('counts a release that was rolled back as not run', async () => {
    await run([]);
    await run([countWords]);
    await run([]);
    await expect(run(both)).rejects.toThrow('Upgrade to the release in between first');
    await run([countWords]);
    await run(both);
    expect(await numbers(both)).toEqual([]);
  });

  it('runs all on a store that nobody has used, also where a first try crashed in between', async () => {
    const crash: Migration = { ...forgetTitles, up: () => Promise.reject(new Error('the power failed')) };
    await expect(run([countWords, crash])).rejects.toThrow('the power failed');
    expect(await numbers(both)).toEqual([2]);
    await run(both);
    expect(await numbers(both)).toEqual([]);
  });

  it('goes on after a crash between a step and its successor, in a release that stepped through', async () => {
    await run([countWords]);
    const crash: Migration = { ...forgetTitles, up: () => Promise.reject(new Error('the power failed')) };
    await expect(run([countWords, crash])).rejects.toThrow('the power failed');
    await run(both);
    expect(await numbers(both)).toEqual([]);
  });

  it('refuses a step that takes away for one that comes after it', async () => {
    await expect(run([{ ...countWords, contracts: 1 }])).rejects.toThrow('contracts 1, which is not before it');
  });
}
