import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChatRecords, chatCollections, openChatRecords } from '#domain/chat/chat-records.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { runArchiver } from './archive-runs.ts';
import { runRecord } from './run-record.fixture.ts';

const began = 1_800_000_000_000;
const longAgo = began - 3_600_000;
const clock = { now: () => began, monotonic: () => 0, after: () => () => {} };

describe('how a backup writes runs', () => {
  let store: Store;
  let records: ChatRecords;
  beforeEach(async () => {
    store = await openSqliteStore({ file: ':memory:', logger: collectingLogger().logger });
    await store.prepare(Object.values(chatCollections));
    records = openChatRecords(store);
  });
  afterEach(() => store.close());

  it('writes one under way as handed back, with what it has', async () => {
    const write = await runArchiver(records, clock);
    const output = [{ index: 0, kind: 'text' as const, text: 'Once' }];
    const running = runRecord({ status: 'running', attempt: 2, leaseUntil: began + 5_000, output, length: 4 });
    expect(write(running)).toEqual({ ...running, status: 'queued', leaseUntil: began });
  });

  it('keeps since when one waits', async () => {
    const queued = runRecord({ leaseUntil: longAgo });
    expect((await runArchiver(records, clock))(queued)).toEqual(queued);
  });

  it('leaves one as it is that was at rest when the backup began', async () => {
    const settled = runRecord({ status: 'complete', slot: 'run', settled: true, createdAt: longAgo, endedAt: longAgo });
    await records.runs.insert(settled);
    expect((await runArchiver(records, clock))(settled)).toBe(settled);
  });

  it('has the copies made again of one that came to rest while the backup ran', async () => {
    const ended = { status: 'complete', settled: true, endedAt: longAgo } as const;
    for (let n = 0; n < 1_200; n++) {
      const own = { _id: `r${n}`, slot: `r${n}`, clientMessageId: `r${n}` };
      await records.runs.insert(runRecord({ ...own, createdAt: longAgo }));
    }
    const write = await runArchiver(records, clock);
    for (const id of ['r0', 'r1199']) {
      expect(write(runRecord({ ...ended, _id: id, createdAt: longAgo })), id).toMatchObject({ settled: false });
    }
    expect(write(runRecord({ ...ended, _id: 'new', createdAt: began + 1 }))).toMatchObject({ settled: false });
    expect(write(runRecord({ ...ended, _id: 'skewed', createdAt: began - 60_000 }))).toMatchObject({ settled: false });
  });

  it('leaves out one that began where another was still under way when that was read', async () => {
    const write = await runArchiver(records, clock);
    expect(write(runRecord({ _id: 'a', slot: 'talk', status: 'running' }))).toBeDefined();
    expect(write(runRecord({ _id: 'b', slot: 'talk' }))).toBeUndefined();
    expect(write(runRecord({ _id: 'c', slot: 'other' }))).toBeDefined();
  });

  it('reads copies before what they are copied from', () => {
    expect(Object.keys(chatCollections)).toEqual(['messages', 'conversations', 'runs']);
  });
});
