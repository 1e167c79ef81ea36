import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatCollections, openChatRecords } from '#domain/chat/chat-records.ts';
import { storeUnavailable } from '#platform/errors.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Collection, Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { Trouble, troubled } from '#tests/protocol/troubled-ports.ts';
import { Freezable, settle, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { HeldRun, leaseMs } from './held-run.ts';
import { Output } from './output.ts';
import { runRecord } from './run-record.fixture.ts';
import type { RunRecord } from './run-records.ts';

describe('a run that is held', () => {
  let time: VirtualTime;
  let store: Store;
  let runs: Collection<RunRecord>;
  let trouble: Trouble;
  let told: string[];
  const now = () => new Freezable(time).clock(0).now();
  beforeEach(async () => {
    time = new VirtualTime();
    trouble = new Trouble();
    told = [];
    store = await openSqliteStore({ file: ':memory:', ...collectingLogger() });
    await store.prepare(Object.values(chatCollections));
    runs = openChatRecords(store).runs;
    await runs.insert(runRecord({ status: 'running', attempt: 1, leaseUntil: now() + leaseMs }));
  });
  afterEach(() => store.close());

  function hold(unavailable: () => Error = () => storeUnavailable(new Error('away'))) {
    const output = new Output();
    const alive = new Freezable(time);
    const held = new HeldRun({
      runs: troubled(runs, alive, trouble, unavailable),
      runId: 'run',
      attempt: 1,
      output,
      clock: alive.clock(0),
      onFenced: () => told.push('fenced'),
      onStopRequested: () => told.push('stop'),
      onFailure: () => told.push('failure'),
    });
    held.start();
    return { output, held };
  }
  const pass = async (ms: number) => {
    await settle();
    await time.advance(ms);
    await settle();
  };
  const stored = async () => {
    const run = await runs.get('run');
    if (!run) throw new Error('The run is gone.');
    return run;
  };
  const storedText = async () => (await stored()).output.map(({ text }) => text).join('');
  const complete = { outcome: 'complete', answeredBy: 'm' } as const;

  it('is renewed in time, and takes new output each second', async () => {
    const { output, held } = hold();
    await pass(2_000);
    expect((await stored()).leaseUntil).toBe(now() + leaseMs);
    output.append('text', 'Once');
    await pass(1_000);
    output.append('text', ' upon');
    await pass(1_000);
    expect([await storedText(), (await stored()).length]).toEqual(['Once upon', 9]);
    held.stop();
    await pass(10_000);
    expect((await stored()).leaseUntil).toBeLessThan(now());
  });

  it('writes a long output more rarely, and never lets its lease lapse', async () => {
    const { output } = hold();
    output.append('text', 'a'.repeat(500_000));
    for (let second = 0; second < 10; second += 1) {
      await pass(1_000);
      expect((await stored()).leaseUntil).toBeGreaterThan(now());
    }
    expect((await stored()).length).toBe(0);
    await pass(1_000);
    expect((await stored()).length).toBe(500_000);
  });

  it('ends with all its output', async () => {
    const { output, held } = hold();
    output.append('text', 'Once upon');
    const ended = await held.end({ ...complete, usage: { inputTokens: 1, outputTokens: 2, estimated: false } });
    expect(ended).toMatchObject({ status: 'complete', slot: 'run', endedAt: now(), answeredBy: 'm', length: 9 });
    expect(ended?.usage?.outputTokens).toBe(2);
    expect(ended).toEqual(await stored());
    expect(told).toEqual([]);
  });

  it('ends with one stretch a part, however many checkpoints came before', async () => {
    const { output, held } = hold();
    for (const text of ['Once', ' upon', ' a time']) {
      output.append('text', text);
      await pass(1_000);
    }
    expect((await stored()).output).toHaveLength(3);
    await held.end(complete);
    expect(await stored()).toMatchObject({
      output: [{ index: 0, kind: 'text', text: 'Once upon a time' }],
      length: 16,
    });
  });

  it('is handed back with what it has', async () => {
    const { output, held } = hold();
    output.append('text', 'Once');
    const run = await held.handBack();
    expect(run).toMatchObject({ status: 'queued', attempt: 1, crashes: 0, length: 4, leaseUntil: now() });
  });

  it('waits for a store that is away, as long as it takes', async () => {
    const { output, held } = hold();
    output.append('text', 'Once');
    trouble.down = true;
    await pass(3_000);
    const ending = held.end(complete);
    await pass(60_000);
    trouble.down = false;
    await pass(250);
    expect(await ending).toMatchObject({ status: 'complete', length: 4 });
    expect(new Set(told)).toEqual(new Set(['failure']));
  });

  it('writes nothing twice where the reply to a checkpoint was lost', async () => {
    const { output, held } = hold();
    output.append('text', 'Once');
    trouble.repliesToLose = 1;
    await pass(1_000);
    expect(told).toEqual(['failure']);
    output.append('text', ' upon');
    await pass(1_000);
    trouble.repliesToLose = 1;
    output.append('text', ' a time');
    const ending = held.end(complete);
    await pass(250);
    expect(await ending).toMatchObject({ status: 'complete', length: 16 });
    expect(await storedText()).toBe('Once upon a time');
    expect(told).not.toContain('fenced');
  });

  it.each([
    ['taken over', { attempt: 2 }],
    ['ended', { status: 'stopped' }],
    ['taken over and handed back', { attempt: 2, status: 'queued' }],
  ])('is lost, once, where it was %s meanwhile', async (_what, set) => {
    const { output, held } = hold();
    await runs.update('run', { set });
    const before = await stored();
    output.append('text', 'Once');
    await pass(5_000);
    expect(told).toEqual(['fenced']);
    expect(await held.renew()).toBe(false);
    expect(await held.end(complete)).toBeUndefined();
    expect(await held.handBack()).toBeUndefined();
    expect(await stored()).toEqual(before);
  });

  it('is lost where it was deleted', async () => {
    const { held } = hold();
    await runs.delete('run');
    expect(await held.renew()).toBe(false);
    expect(told).toEqual(['fenced']);
  });

  it('tells of a stop at its next renewal', async () => {
    hold();
    await runs.update('run', { set: { stopRequested: true } });
    await pass(2_000);
    expect(told).toEqual(['stop']);
  });

  it('writes one thing at a time, in order', async () => {
    const { output, held } = hold();
    output.append('text', 'a');
    const renewed = held.renew();
    output.append('text', 'b');
    const ending = held.end(complete);
    output.append('text', 'c');
    expect(await renewed).toBe(true);
    expect((await ending)?.status).toBe('complete');
    await settle();
    expect((await stored()).length).toBe((await storedText()).length);
  });

  it('gives an error that waiting does not help on to whoever ends it', async () => {
    const { held } = hold(() => new Error('This is our fault.'));
    trouble.down = true;
    await expect(held.end(complete)).rejects.toThrow('our fault');
  });
});
