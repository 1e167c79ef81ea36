import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunLogUnavailable } from '#platform/run-log/run-log.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { Trouble, troubled } from '#tests/protocol/troubled-ports.ts';
import { Freezable, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { claimRun } from './claim-run.ts';
import { leaseMs } from './held-run.ts';
import { runRecord } from './run-record.fixture.ts';
import type { RunRecord } from './run-records.ts';

const lease = 5_000;
const part = { index: 0, kind: 'text' } as const;

describe('a run is claimed', () => {
  const time = new VirtualTime();
  const clock = new Freezable(time).clock(0);
  const log = new Trouble();
  let app: TestChat;
  beforeEach(async () => {
    log.down = false;
    app = await createTestChat({
      clock,
      models: new ScriptedModels(),
      ports: ({ runLog }) => ({
        runLog: troubled(runLog, new Freezable(time), log, () => new RunLogUnavailable(new Error('away'))),
      }),
    });
  });
  afterEach(() => app.close());

  const insert = (changes: Partial<RunRecord> = {}) => app.chat.records.runs.insert(runRecord(changes));
  const running = { status: 'running', attempt: 1, leaseUntil: lease } as const;
  const claim = (leaseUntil?: number) =>
    claimRun(app.chat, { runId: 'run', ...(leaseUntil !== undefined && { leaseUntil }) });
  const stored = () => app.chat.records.runs.get('run');

  it('where it waits: as its next attempt, with nothing of the last', async () => {
    await insert({ attempt: 2, output: [{ ...part, text: 'Old' }], length: 3 });
    const claimed = await claim();
    expect(claimed).toMatchObject({ attempt: 3, crashes: 0, status: 'running', output: [], length: 0 });
    expect(claimed?.leaseUntil).toBe(clock.now() + leaseMs);
    expect(await claim()).toBeUndefined();
  });

  it('by one of many who want it', async () => {
    await insert();
    const claims = await Promise.all(Array.from({ length: 5 }, () => claim()));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect((await stored())?.attempt).toBe(1);
  });

  it('where it is a story, which no worker of a release before stories takes for an answer', async () => {
    const story = { kind: 'story', stopRequested: undefined } as const;
    const asBefore = { stopRequested: false };
    await insert(story);
    const { runs } = app.chat.records;
    expect(await runs.update('run', { set: { attempt: 9 } }, { status: 'queued', ...asBefore })).toBeUndefined();
    const { attempt, leaseUntil } = (await claim()) ?? {};
    expect(attempt).toBe(1);
    expect(await runs.update('run', { set: { attempt: 9 } }, { status: 'running', ...asBefore })).toBeUndefined();
    expect(await claim(leaseUntil)).toMatchObject({ attempt: 2, crashes: 1 });
    await runs.update('run', { set: { status: 'queued', stopRequested: true } });
    expect(await claim()).toBeUndefined();
  });

  it('never where it is to be stopped, is over, or is gone', async () => {
    expect(await claim()).toBeUndefined();
    await insert({ stopRequested: true });
    expect(await claim()).toBeUndefined();
    await app.chat.records.runs.update('run', { set: { stopRequested: false, status: 'complete' } });
    expect([await claim(), await claim(lease)]).toEqual([undefined, undefined]);
  });

  it('from a worker that fell silent, where its lease is the one that was seen to lapse', async () => {
    await insert(running);
    expect(await claim(lease - 1), 'it was renewed meanwhile').toBeUndefined();
    expect(await claim(), 'nobody saw it lapse').toBeUndefined();
    expect(await stored()).toMatchObject(running);
    expect(await claim(lease)).toMatchObject({ attempt: 2, crashes: 1, status: 'running' });
    expect(await claim(lease), 'another took it over').toBeUndefined();
  });

  it('by a job of a takeover also where it was handed back meanwhile, which counts as no crash', async () => {
    await insert({ attempt: 1 });
    expect(await claim(lease)).toMatchObject({ attempt: 2, crashes: 0 });
  });

  async function logged(...texts: string[]): Promise<void> {
    await app.chat.runLog.open('run', 3);
    let length = 0;
    for (const text of texts) {
      length += text.length;
      await app.chat.runLog.append('run', { kind: 'output', at: { attempt: 3, length }, part, text });
    }
  }
  const crashed = { ...running, attempt: 3, crashes: 2 };

  it('no more after two crashes: it ends as interrupted, with its checkpoint where the log has less', async () => {
    await insert({ ...crashed, output: [{ ...part, text: 'Once upon' }], length: 9, traceId: 't' });
    await logged('Once');
    expect(await claim(lease)).toBeUndefined();
    expect(await stored()).toMatchObject({
      status: 'interrupted',
      output: [{ text: 'Once upon' }],
      length: 9,
      slot: 'run',
      settled: true,
      error: { code: 'answer_interrupted', traceId: 't' },
    });
    expect(await app.chat.runLog.last('run')).toMatchObject({ kind: 'done', outcome: 'interrupted', length: 9 });
  });

  it('no more after two crashes: with what the log has where that is longer', async () => {
    await insert({ ...crashed, output: [{ ...part, text: 'Once' }], length: 4 });
    await logged('Once', ' upon', ' a time');
    await claim(lease);
    const run = await stored();
    expect([run?.length, run?.output.map(({ text }) => text).join('')]).toEqual([16, 'Once upon a time']);
    expect((await app.chat.records.messages.get('answer'))?.parts).toEqual([
      { kind: 'text', text: 'Once upon a time' },
    ]);
  });

  it('no more after two crashes: with its checkpoint where the log cannot be read, or is of another attempt', async () => {
    await insert({ ...crashed, output: [{ ...part, text: 'Once' }], length: 4 });
    log.down = true;
    await claim(lease);
    expect(await stored()).toMatchObject({ status: 'interrupted', length: 4 });
    log.down = false;
    await app.chat.records.runs.update('run', { set: { ...crashed, attempt: 2 } });
    await logged('Another attempt');
    await claim(lease);
    expect(await stored()).toMatchObject({ status: 'interrupted', length: 4 });
  });

  it('no more where a person stopped it: it ends with what it has, and blames nobody', async () => {
    await insert({ ...running, stopRequested: true, output: [{ ...part, text: 'Once' }], length: 4 });
    expect(await claim(lease)).toBeUndefined();
    const run = await stored();
    expect(run).toMatchObject({ status: 'stopped', length: 4 });
    expect(run?.error).toBeUndefined();
  });

  it('given up only where it still is as it was seen', async () => {
    await insert({ ...crashed, leaseUntil: lease + 1 });
    await claim(lease);
    expect((await stored())?.status).toBe('running');
  });
});
