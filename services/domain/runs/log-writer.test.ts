import { beforeEach, describe, expect, it } from 'vitest';
import { LocalRunLog } from '#platform/run-log/local-run-log.ts';
import { type LogEntry, RunLogUnavailable } from '#platform/run-log/run-log.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { FlushableRunLog, Trouble, troubled } from '#tests/protocol/troubled-ports.ts';
import { Freezable, settle, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { LogWriter } from './log-writer.ts';
import { Output } from './output.ts';

describe('the writer of the log', () => {
  let time: VirtualTime;
  let log: FlushableRunLog;
  let trouble: Trouble;
  let held: boolean | Error;
  let fencings: number;
  let failures: number;
  beforeEach(() => {
    time = new VirtualTime();
    log = new FlushableRunLog(new LocalRunLog({ clock: new Freezable(time).clock(0), ...collectingLogger() }));
    trouble = new Trouble();
    held = true;
    fencings = failures = 0;
  });

  function begin(attempt = 1) {
    const output = new Output();
    const alive = new Freezable(time);
    const writer = new LogWriter({
      runLog: troubled(log, alive, trouble, () => new RunLogUnavailable(new Error('away'))),
      runId: 'r',
      attempt,
      output,
      clock: alive.clock(0),
      stillHeld: async () => {
        if (held instanceof Error) throw held;
        return held;
      },
      onFenced: () => {
        fencings += 1;
      },
      onFailure: () => {
        failures += 1;
      },
    });
    writer.start();
    const say = (text: string, kind: 'text' | 'thinking' = 'text') => {
      output.append(kind, text);
      writer.notify();
    };
    return { output, writer, say };
  }
  /** Lets what is under way run to where it waits for time, then lets that pass. */
  const pass = async (ms: number) => {
    await settle();
    await time.advance(ms);
    await settle();
  };
  const entries = async (): Promise<readonly LogEntry[]> => (await log.read('r', undefined, 1_000)).entries;
  const texts = async () => (await entries()).flatMap((entry) => (entry.kind === 'output' ? [entry.text] : []));

  it('sends the first output at once, then gathers for 25 ms', async () => {
    const { say } = begin();
    await settle();
    await pass(25);
    say('Once');
    await settle();
    expect(await texts()).toEqual(['Once']);
    say(' upon');
    say(' a time');
    await settle();
    expect(await texts()).toEqual(['Once']);
    await pass(25);
    expect(await texts()).toEqual(['Once', ' upon a time']);
  });

  it('does not wait where there are 128 units', async () => {
    const { say } = begin();
    await settle();
    await pass(25);
    say('a');
    await settle();
    say('a'.repeat(126));
    await settle();
    say('a');
    await settle();
    expect((await texts()).join('')).toHaveLength(1);
    say('b');
    await settle();
    expect((await texts()).join('')).toHaveLength(129);
  });

  it('opens its attempt, gives each part an entry of its own, and ends with done behind all', async () => {
    const { say, writer, output } = begin(3);
    say('hm', 'thinking');
    say('Yes');
    await writer.finish('complete');
    expect(await entries()).toEqual([
      { kind: 'open', at: { attempt: 3, length: 0 } },
      { kind: 'output', at: { attempt: 3, length: 2 }, part: { index: 0, kind: 'thinking' }, text: 'hm' },
      { kind: 'output', at: { attempt: 3, length: 5 }, part: { index: 1, kind: 'text' }, text: 'Yes' },
      { kind: 'done', at: { attempt: 3, length: Number.POSITIVE_INFINITY }, outcome: 'complete', length: 5 },
    ]);
    expect(output.length).toBe(5);
    expect([fencings, failures]).toEqual([0, 0]);
  });

  it('goes on where it stood when the log was away', async () => {
    const { say, writer } = begin();
    say('Once');
    await settle();
    trouble.down = true;
    say(' upon');
    await pass(1_000);
    expect(failures).toBeGreaterThan(2);
    trouble.down = false;
    say(' a time');
    await pass(250);
    expect((await texts()).join('')).toBe('Once upon a time');
    await writer.finish('complete');
  });

  it('knows its own entry again where the reply to it was lost', async () => {
    const { say, writer } = begin();
    say('Once');
    await settle();
    trouble.repliesToLose = 1;
    say(' upon');
    await pass(300);
    say(' a time');
    await pass(300);
    expect(await texts()).toEqual(['Once', ' upon', ' a time']);
    trouble.repliesToLose = 1;
    await writer.finish('stopped');
    expect((await entries()).filter(({ kind }) => kind === 'done')).toHaveLength(1);
    expect([fencings, failures]).toEqual([0, 2]);
  });

  it('knows its own opening again', async () => {
    trouble.repliesToLose = 1;
    const { say } = begin();
    say('Once');
    await pass(300);
    expect(await texts()).toEqual(['Once']);
    expect(fencings).toBe(0);
  });

  it('opens a log that vanished again, with all so far', async () => {
    const { say } = begin();
    say('Once');
    await settle();
    log.flush();
    say(' upon');
    await pass(50);
    expect((await texts()).join('')).toBe('Once upon');
    expect((await entries())[0]?.kind).toBe('open');
  });

  it('does not open a vanished log again where the run is another’s, or while the store cannot tell', async () => {
    const { say } = begin();
    say('Once');
    await settle();
    log.flush();
    held = new Error('The store is away.');
    say(' upon');
    await pass(600);
    expect([await entries(), fencings]).toEqual([[], 0]);
    held = false;
    await pass(300);
    expect([await entries(), fencings]).toEqual([[], 1]);
  });

  it('is fenced, once, by a later attempt, and writes nothing more', async () => {
    const first = begin(1);
    first.say('Once');
    await settle();
    await log.open('r', 2);
    first.say(' upon');
    await pass(50);
    first.say(' a time');
    await pass(300);
    await first.writer.finish('complete');
    expect(fencings).toBe(1);
    expect((await entries()).at(-1)).toEqual({ kind: 'open', at: { attempt: 2, length: 0 } });
  });

  it('is fenced at its opening where a later attempt was faster', async () => {
    await log.open('r', 2);
    const { writer } = begin(1);
    await settle();
    expect(fencings).toBe(1);
    await writer.finish('complete');
    expect(await entries()).toHaveLength(1);
  });

  it('gives the end up after two tries: it stands in the store', async () => {
    const { say, writer } = begin();
    say('Once');
    await settle();
    trouble.down = true;
    await writer.finish('complete');
    expect(failures).toBe(2);
  });

  it('writes nothing more once it is stopped', async () => {
    const { say, writer } = begin();
    say('Once');
    await pass(25);
    say(' upon');
    writer.stop();
    await pass(500);
    say(' a time');
    await pass(500);
    expect((await texts()).join('')).toMatch(/^Once/);
    expect((await texts()).join('')).not.toContain('time');
  });
});
