import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storeUnavailable } from '#platform/errors.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Collection, Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { Freezable, settle, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { RequestCounter } from './request-counter.ts';
import { hourMs, openUsageRecords, type UsageShare, usageCollections } from './usage-records.ts';

describe('the counter of requests', () => {
  let store: Store;
  let shares: Collection<UsageShare>;
  let time: VirtualTime;
  let counter: RequestCounter;
  let log: ReturnType<typeof collectingLogger>;
  /** What becomes of the next writes; those after them succeed. */
  let troubles: Array<'refused' | 'lost'>;

  beforeEach(async () => {
    log = collectingLogger();
    store = await openSqliteStore({ file: ':memory:', logger: log.logger });
    await store.prepare(Object.values(usageCollections));
    shares = openUsageRecords(store).shares;
    time = new VirtualTime();
    troubles = [];
    const { insertMissing } = shares;
    shares.insertMissing = async (docs) => {
      const trouble = troubles.shift();
      if (trouble !== 'refused') await insertMissing.call(shares, docs);
      if (trouble) throw storeUnavailable(new Error(trouble));
      return docs.length;
    };
    let ids = 0;
    const clock = new Freezable(time).clock(0);
    counter = new RequestCounter({ shares, clock, logger: log.logger, newId: () => `share-${ids++}` });
    counter.start();
  });
  afterEach(() => store.close());

  const pass = async (ms: number) => {
    await time.advance(ms);
    await settle();
  };
  const stored = async () => {
    const found: UsageShare[] = [];
    for await (const share of shares.scan()) found.push(share);
    return found;
  };
  const sums = async () => {
    const sum: Record<string, number[]> = {};
    for (const { personId, counts } of (await stored()).flatMap(({ lines }) => lines)) {
      const [requests = 0, errors = 0] = sum[personId] ?? [];
      sum[personId] = [requests + (counts.requests ?? 0), errors + (counts.errors ?? 0)];
    }
    return sum;
  };

  it('stores within about a second what a person asked, one line an hour', async () => {
    counter.count('ada', { error: false });
    counter.count('ada', { error: true });
    counter.count('bob', { error: false });
    counter.count(undefined, { error: false });
    expect(await stored()).toEqual([]);
    await pass(1_000);
    expect(await sums()).toEqual({ ada: [2, 1], bob: [1, 0], '': [1, 0] });
    expect(await stored()).toHaveLength(1);
    await pass(10_000);
    expect(await stored()).toHaveLength(1);
  });

  it('stores a share whose reply was lost once', async () => {
    counter.count('ada', { error: false });
    troubles = ['lost'];
    await pass(1_000);
    counter.count('ada', { error: false });
    await pass(1_000);
    expect(await sums()).toEqual({ ada: [2, 0] });
  });

  it('keeps one line a person and hour while the store is away, says so once, and stores all when it is back', async () => {
    troubles = Array.from({ length: 7_300 }, () => 'refused' as const);
    for (let second = 0; second < 7_200; second += 60) {
      counter.count('ada', { error: false });
      counter.count('bob', { error: false });
      await pass(60_000);
    }
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    troubles = [];
    await pass(1_000);
    expect(await sums()).toEqual({ ada: [120, 0], bob: [120, 0] });
    const lines = (await stored()).flatMap(({ lines }) => lines);
    expect(lines.length).toBeLessThanOrEqual(2 * 4);
    expect(new Set(lines.map(({ hour }) => hour % hourMs))).toEqual(new Set([0]));
  });

  it('splits what thousands of people asked into shares of 1,000 lines', async () => {
    for (let n = 0; n < 2_500; n += 1) counter.count(`p${n}`, { error: false });
    await pass(1_000);
    expect((await stored()).map(({ lines }) => lines.length)).toEqual([1_000, 1_000, 500]);
  });

  it('stores the rest when it is closed, and says what it could not', async () => {
    counter.count('ada', { error: false });
    await counter.close();
    expect(await sums()).toEqual({ ada: [1, 0] });
    expect(log.lines).toEqual([]);
    counter.count('ada', { error: false });
    troubles = ['refused'];
    await counter.close();
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { 'lamplight.count': 1 } });
  });
});
