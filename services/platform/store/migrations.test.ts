import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { waitFor } from '#tests/servers/child.ts';
import { hurriedClock, stillClock as still, timeline } from '#tests/timeline.ts';
import type { Migration } from './migration-state.ts';
import { pendingMigrations, runMigrations } from './migrations.ts';
import { openMongoStore } from './mongo-store.ts';
import { countWords, forgetTitles, songs } from './song-migrations.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

const both = [countWords, forgetTitles];

const shared = inject('mongodbUri');
const { logger } = collectingLogger();
const databases: string[] = [];
const openMongo = (): Promise<Store> => {
  const uri = new URL(shared ?? '');
  uri.pathname = `/migrations-${randomUUID()}`;
  databases.push(uri.pathname.slice(1));
  return openMongoStore({ uri: uri.href, logger });
};

afterAll(async () => {
  if (!shared) return;
  const client = new MongoClient(shared);
  for (const name of databases) await client.db(name).dropDatabase();
  await client.close();
});

describe('on SqliteStore', () => migrationCases(() => openSqliteStore({ file: ':memory:', logger })));
describe.skipIf(!shared)('on MongoStore', () => migrationCases(openMongo));

function migrationCases(open: () => Promise<Store>): void {
  let store: Store;
  beforeEach(async () => {
    store = await open();
    await store.prepare([songs]);
    const titles = ['one', 'one two', 'a b c', 'a b c d', 'a b c d e'];
    await store.collection(songs).insertMissing(titles.map((title, n) => ({ _id: `${n}`, title, version: 1 })));
    return () => store.close();
  });
  const words = async () =>
    (await store.collection(songs).find({ where: {}, limit: 10 })).items.map((song) => song.words);
  const numbers = async (migrations: readonly Migration[]) =>
    (await pendingMigrations(store, migrations)).map((migration) => migration.number);

  it('runs what is missing, in order, once', async () => {
    expect(await numbers(both)).toEqual([1, 2]);
    await runMigrations(store, [countWords], { clock: still, logger, owner: 'a' });
    expect(await numbers(both)).toEqual([2]);
    expect(await store.collection(songs).get('2')).toEqual({ _id: '2', title: 'a b c', words: 3, version: 2 });
    await runMigrations(store, both, { clock: still, logger, owner: 'a' });
    expect(await numbers(both)).toEqual([]);
    expect(await store.collection(songs).get('2')).toEqual({ _id: '2', words: 3, version: 3 });
    const never: Migration = { ...countWords, up: () => Promise.reject(new Error('ran twice')) };
    await runMigrations(
      store,
      [never, never].map((each, at) => ({ ...each, number: at + 1 })),
      { clock: still, logger, owner: 'b' },
    );
  });

  it('records each with its name and time, and says so in the log', async () => {
    const { logger, lines } = collectingLogger();
    await runMigrations(store, both, { clock: still, logger, owner: 'a' });
    const record = store.collection({
      name: 'migrations',
      version: 1,
      schema: z.looseObject({ _id: z.string() }),
      indexes: [],
    });
    expect(await record.get('state')).toMatchObject({
      number: 2,
      done: [
        { number: 1, name: 'count the words of titles', at: still.now() },
        { number: 2, name: 'forget titles', at: still.now() },
      ],
    });
    expect(lines.filter((line) => line.fields['event.action'] === 'migration_done')).toHaveLength(2);
  });

  it('goes on at its checkpoint after a failure', async () => {
    let broken = true;
    const seen: unknown[] = [];
    const flaky: Migration = {
      ...countWords,
      up: (place, checkpoint) => {
        seen.push(checkpoint.value);
        return countWords.up(place, {
          value: checkpoint.value,
          async save(value) {
            await checkpoint.save(value);
            if (broken) throw new Error('the power failed');
          },
        });
      },
    };
    await expect(runMigrations(store, [flaky], { clock: still, logger, owner: 'a' })).rejects.toThrow(
      'the power failed',
    );
    expect(await words()).toEqual([1, 2, undefined, undefined, undefined]);
    expect(await numbers(both)).toEqual([1, 2]);
    broken = false;
    await runMigrations(store, [flaky, forgetTitles], { clock: still, logger, owner: 'b' });
    expect(seen).toEqual([undefined, expect.any(String)]);
    expect(await words()).toEqual([1, 2, 3, 4, 5]);
  });

  it('runs in one process while the others wait for it', async () => {
    let runs = 0;
    const gate = Promise.withResolvers<void>();
    const slow: Migration = {
      ...countWords,
      async up(...place) {
        runs++;
        await gate.promise;
        await countWords.up(...place);
      },
    };
    const time = timeline();
    const all = ['a', 'b', 'c'].map((owner) =>
      runMigrations(store, [slow, forgetTitles], { clock: time.clock(0), logger, owner }),
    );
    await waitFor(() => time.waiting() === 3, { what: 'one to renew its lock and two to wait' });
    gate.resolve();
    await waitFor(() => time.waiting() === 2, { what: 'the first to be done' });
    await time.step(2);
    await time.step(1);
    await Promise.all(all);
    expect(runs).toBe(1);
    expect(await words()).toEqual([1, 2, 3, 4, 5]);
    expect(await numbers(both)).toEqual([]);
  });

  it('lets a holder that renews its lock keep it, however wrong the clock of who waits', async () => {
    const gate = Promise.withResolvers<void>();
    let runs = 0;
    const slow: Migration = {
      number: 1,
      name: 'slow',
      async up() {
        runs++;
        await gate.promise;
      },
    };
    const time = timeline();
    const holder = runMigrations(store, [slow], { clock: time.clock(0), logger, owner: 'a' });
    await waitFor(() => runs === 1);
    const waiter = runMigrations(store, [slow], { clock: time.clock(3_600_000), logger, owner: 'b' });
    while (time.elapsed() < 30_000) await time.step(2);
    await waitFor(() => time.waiting() === 2);
    gate.resolve();
    await holder;
    await time.step(1);
    await waiter;
    expect(runs).toBe(1);
  });

  it('takes over from a process that died, and stops one that only seemed to', async () => {
    const frozen = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const stuck: Migration = {
      ...countWords,
      async up(_, checkpoint) {
        await checkpoint.save('');
        begun.resolve();
        await frozen.promise;
        await checkpoint.save('late');
      },
    };
    const first = runMigrations(store, [stuck], { clock: still, logger, owner: 'dead' });
    await begun.promise;
    const fresh: Migration = {
      ...countWords,
      up: (place, { save }) => countWords.up(place, { value: undefined, save }),
    };
    await runMigrations(store, [fresh, forgetTitles], { clock: hurriedClock(), logger, owner: 'heir' });
    frozen.resolve();
    await expect(first).rejects.toThrow('taken the migrations over');
    expect(await words()).toEqual([1, 2, 3, 4, 5]);
    expect(await numbers(both)).toEqual([]);
  });

  it('lets a process of the same name take its own lock up again at once', async () => {
    const first = runMigrations(store, [{ ...countWords, up: () => new Promise(() => {}) }], {
      clock: still,
      logger,
      owner: 'standalone',
    });
    first.catch(() => {});
    const record = store.collection({
      name: 'migrations',
      version: 1,
      schema: z.looseObject({ _id: z.string() }),
      indexes: [],
    });
    await waitFor(async () => (await record.get('state'))?.['owner'] === 'standalone');
    await runMigrations(store, both, { clock: still, logger, owner: 'standalone' });
    expect(await numbers(both)).toEqual([]);
  });

  it('tells of a lock that it can neither renew nor free, and fails', async () => {
    const { logger, lines } = collectingLogger();
    const time = timeline();
    const gate = Promise.withResolvers<void>();
    const cut: Migration = {
      ...countWords,
      async up(place) {
        await place.close();
        gate.resolve();
        await waitFor(() => lines.filter((line) => line.level === 'warn').length >= 2, { what: 'two failed renewals' });
      },
    };
    const run = runMigrations(store, [cut], { clock: time.clock(0), logger, owner: 'a' });
    const outcome = Promise.allSettled([run]);
    await gate.promise;
    await time.step(1);
    await time.step(1);
    expect(await outcome).toMatchObject([{ status: 'rejected', reason: { code: 'store_unavailable' } }]);
    const warnings = lines.filter((line) => line.level === 'warn').map((line) => line.message);
    expect(warnings[0]).toContain('could not be renewed');
    expect(warnings.at(-1)).toContain('could not be freed');
    expect(time.waiting()).toBe(0);
  });

  it('stops renewing once another has its lock', async () => {
    const { logger, lines } = collectingLogger();
    const time = timeline();
    const gate = Promise.withResolvers<void>();
    const stuck = runMigrations(store, [{ ...countWords, up: () => gate.promise }], {
      clock: time.clock(0),
      logger,
      owner: 'a',
    });
    await waitFor(() => time.waiting() === 1);
    await runMigrations(store, both, { clock: still, logger, owner: 'a' });
    await time.step(1);
    gate.resolve();
    await expect(stuck).rejects.toThrow('taken the migrations over');
    expect(time.waiting()).toBe(0);
    expect(lines.filter((line) => line.level === 'warn')).toEqual([]);
    expect(await words()).toEqual([1, 2, 3, 4, 5]);
  });

  it('refuses numbers with gaps', async () => {
    const wrong = runMigrations(store, [forgetTitles], { clock: still, logger, owner: 'a' });
    await expect(wrong).rejects.toThrow('"forget titles" has the number 2 in the place of 1');
  });
}
