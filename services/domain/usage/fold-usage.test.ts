import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openMongoStore } from '#platform/store/mongo-store.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { anonymiseUsage } from './anonymise-usage.ts';
import { usageArchiver } from './archive-usage.ts';
import { foldUsage } from './fold-usage.ts';
import { Interleaver } from './interleaver.fixture.ts';
import {
  hourMs,
  openUsageRecords,
  type UsageHour,
  type UsageRecords,
  type UsageShare,
  usageCollections,
} from './usage-records.ts';

const { logger } = collectingLogger();
const newId = () => randomUUID();
const openStore = async (): Promise<Store> => {
  const store = await openSqliteStore({ file: ':memory:', logger });
  await store.prepare(Object.values(usageCollections));
  return store;
};

/** Of three hours and two people; several lines as of requests, one as of an answer. */
const plannedShare = fc.record({
  lines: fc.uniqueArray(
    fc.record({ person: fc.nat(1), hour: fc.nat(2), requests: fc.integer({ min: 1, max: 1_000 }) }),
    { minLength: 1, maxLength: 3, selector: ({ person, hour }) => `${person} ${hour}` },
  ),
  inserts: fc.integer({ min: 1, max: 2 }),
});
const step = fc.record({
  choice: fc.nat(20),
  fate: fc.oneof(
    { weight: 12, arbitrary: fc.constant('done' as const) },
    { weight: 1, arbitrary: fc.constantFrom('lost' as const, 'refused' as const) },
    { weight: 1, arbitrary: fc.constant('killed' as const) },
  ),
});
const plan = fc.record({
  shares: fc.array(plannedShare, { minLength: 1, maxLength: 5 }),
  steps: fc.array(step, { minLength: 20, maxLength: 240, size: 'max' }),
});
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

function sharesOf({ shares }: Plan, people: readonly string[]): UsageShare[] {
  return shares.map(({ lines }, n) => ({
    _id: newId(),
    kind: lines.length === 1 ? 'answer' : 'requests',
    lines: lines.map(({ person, hour, requests }) => {
      const at = hour * hourMs + n;
      return { personId: people[person] ?? '', model: 'm', hour: hour * hourMs, at, counts: { requests } };
    }),
    folded: false,
    createdAt: n,
  }));
}

/** Requests by hour, whoever's. */
function byHour(entries: Iterable<{ hour: number; counts: { requests?: number } }>): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { hour, counts } of entries) sums[hour] = (sums[hour] ?? 0) + (counts.requests ?? 0);
  return sums;
}
const linesOf = (shares: readonly UsageShare[]) => shares.flatMap(({ lines }) => lines);

async function all<T>(documents: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of documents) found.push(each);
  return found;
}

/** Reads one document at a time, as a scan beside writers does. */
async function readBackup({ hours, shares }: UsageRecords): Promise<{ hours: UsageHour[]; shares: UsageShare[] }> {
  const archiver = usageArchiver();
  const read = { hours: [] as UsageHour[], shares: [] as UsageShare[] };
  const page = { where: {}, limit: 1_000, fields: ['version'] };
  for (const { _id } of (await hours.find(page)).items) {
    const hour = await hours.get(_id);
    if (hour) read.hours.push(archiver.hour(hour));
  }
  for (const { _id } of (await shares.find({ ...page, fields: ['folded'] })).items) {
    const share = await shares.get(_id);
    if (share) read.shares.push(archiver.share(share));
  }
  return read;
}

interface Outcome {
  readonly shares: readonly UsageShare[];
  readonly backup: { hours: UsageHour[]; shares: UsageShare[] } | undefined;
}

/** Two folders, the settling of runs, a backup and the deletion of a person, each stopped and started again at any point. */
async function act(records: UsageRecords, planned: Plan, people: readonly string[]): Promise<Outcome> {
  const turns = new Interleaver();
  const shares = sharesOf(planned, people);
  let backup: Outcome['backup'];
  const start = (work: (port: UsageRecords) => Promise<unknown>, again: boolean) => {
    const actor = {};
    restarts.set(actor, () => start(work, again));
    const port = { hours: turns.port(actor, records.hours), shares: turns.port(actor, records.shares) };
    const run = async (): Promise<void> => {
      try {
        await work(port);
        if (again) await run();
      } catch {
        await run();
      }
    };
    void run();
  };
  const restarts = new Map<object, () => void>();
  // Of a few shares at a time, so that documents change often between two readings.
  start((port) => foldUsage({ records: port, newId }, 1), true);
  start((port) => foldUsage({ records: port, newId }, 2), true);
  start(async (port) => {
    for (const [n, share] of shares.entries()) {
      for (let times = planned.shares[n]?.inserts ?? 1; times > 0; times -= 1) await port.shares.insertMissing([share]);
    }
  }, false);
  start(async (port) => {
    backup = await readBackup(port);
  }, false);
  start((port) => anonymiseUsage(port, people[0] ?? ''), true);
  for (const { choice, fate } of planned.steps) {
    const actor = await turns.step(choice, fate === 'killed' ? 'done' : fate);
    if (fate !== 'killed' || !actor) continue;
    turns.kill(actor);
    restarts.get(actor)?.();
  }
  return { shares, backup };
}

async function foldAll(records: UsageRecords): Promise<void> {
  while ((await records.shares.count({ folded: false })) > 0) await foldUsage({ records, newId }, 3);
}

async function expectEachOnce(records: UsageRecords, planned: Plan): Promise<void> {
  const people: readonly string[] = [newId(), newId()];
  const mine = ({ personId }: { personId: string }) => people.includes(personId) || before.has(personId) === false;
  const before = new Set((await all(records.hours.scan())).map(({ personId }) => personId));
  const { shares, backup } = await act(records, planned, people);
  await records.shares.insertMissing(shares);
  await foldAll(records);
  const hours = await all(records.hours.scan());
  expect(byHour(hours.filter(mine))).toEqual(byHour(linesOf(shares)));
  if (!backup) return;
  const store = await openStore();
  const restored = openUsageRecords(store);
  await restored.hours.insertMissing(backup.hours);
  await restored.shares.insertMissing(backup.shares);
  await foldAll(restored);
  const known = new Set(backup.shares.map(({ _id }) => _id));
  const archived = shares.filter(({ _id }) => known.has(_id));
  expect(byHour((await all(restored.hours.scan())).filter(mine))).toEqual(byHour(linesOf(archived)));
  await store.close();
}

describe('folding', { timeout: 60_000 }, () => {
  it('counts every share once, whoever folds, settles again, dies, deletes a person or backs up in between', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (planned) => {
        const store = await openStore();
        await expectEachOnce(openUsageRecords(store), planned);
        await store.close();
      }),
      { numRuns: 600 },
    );
  });

  it('says whether more wait, and names in a document only what may not be marked yet', async () => {
    const store = await openStore();
    const records = openUsageRecords(store);
    const line = { personId: 'ada', model: 'm', hour: 0, at: 5, counts: { requests: 1 } };
    const share = (n: number): UsageShare => ({
      _id: `s${n}`,
      kind: 'requests',
      lines: [{ ...line, at: n }],
      folded: false,
      createdAt: n,
    });
    await records.shares.insertMissing([share(1), share(2), share(3)]);
    expect(await foldUsage({ records, newId }, 2)).toBe(true);
    expect(await foldUsage({ records, newId }, 2)).toBe(false);
    expect(await all(records.hours.scan())).toMatchObject([
      { counts: { requests: 3 }, folding: ['s3'], version: 2, lastAt: 3 },
    ]);
    expect(await records.shares.count({ folded: true })).toBe(3);
    await store.close();
  });
});

const shared = inject('mongodbUri');
describe.skipIf(!shared)('folding on MongoDB', { timeout: 60_000 }, () => {
  let store: Store;
  beforeAll(async () => {
    const uri = new URL(shared ?? '');
    uri.pathname = `usage-${randomUUID()}`;
    store = await openMongoStore({ uri: uri.href, logger });
    await store.prepare(Object.values(usageCollections));
  });
  afterAll(() => store.close());

  it('counts every share once there, too', async () => {
    await fc.assert(
      fc.asyncProperty(plan, (planned) => expectEachOnce(openUsageRecords(store), planned)),
      { numRuns: 8, endOnFailure: true },
    );
  });
});
