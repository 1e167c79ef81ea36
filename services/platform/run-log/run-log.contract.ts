import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Position, parsePosition } from '#contract/position.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { done, follow, listeningLogger, output, type RunLogUnderTest } from './run-log.fixture.ts';
import type { OutputEntry, RunLog } from './run-log.ts';
import { testTailing } from './run-log-tailing.contract.ts';

/** What every run log does, whatever it runs on. */
export function testRunLog(start: (logger: Logger) => Promise<RunLogUnderTest>): void {
  const logger = listeningLogger();
  let started: RunLogUnderTest;
  let log: RunLog;
  let runId: string;
  const newRun = () => {
    runId = randomUUID();
    return runId;
  };

  beforeAll(async () => {
    started = await start(logger);
    log = started.log;
  });
  afterAll(() => log.close());

  describe('appending', () => {
    it('has nothing before a log is opened', async () => {
      newRun();
      expect(await log.last(runId)).toBeUndefined();
      expect(await log.read(runId, undefined, 10)).toEqual({ exists: false, entries: [] });
      expect(await log.append(runId, output(1, 2, 'ab'))).toBe('gone');
      expect(await log.append(runId, done(1, 0))).toBe('gone');
    });

    it('keeps every kind of entry as it is', async () => {
      newRun();
      const thinking: OutputEntry = {
        kind: 'output',
        at: { attempt: 3, length: 4 },
        part: { index: 0, kind: 'thinking' },
        text: 'hm: ',
      };
      expect(await log.open(runId, 3)).toBe('appended');
      expect(await log.append(runId, thinking)).toBe('appended');
      expect(await log.append(runId, output(3, 9, 'hello', 11))).toBe('appended');
      expect(await log.append(runId, { ...done(3, 9), outcome: 'interrupted' })).toBe('appended');
      const { exists, entries } = await log.read(runId, undefined, 10);
      expect(exists).toBe(true);
      expect(entries).toEqual([
        { kind: 'open', at: { attempt: 3, length: 0 } },
        thinking,
        output(3, 9, 'hello', 11),
        { ...done(3, 9), outcome: 'interrupted' },
      ]);
    });

    it('orders positions as numbers, not as text', async () => {
      newRun();
      await log.open(runId, 9);
      expect(await log.append(runId, output(9, 9, '123456789'))).toBe('appended');
      expect(await log.append(runId, output(9, 10, 'a'))).toBe('appended');
      expect(await log.append(runId, output(9, 100, 'b'.repeat(90)))).toBe('appended');
      expect(await log.append(runId, output(9, 20, 'c'))).toBe('refused');
      expect(await log.open(runId, 10)).toBe('appended');
      expect((await log.read(runId, { attempt: 9, length: 9 }, 10)).entries.map(({ at }) => at)).toEqual([
        { attempt: 9, length: 10 },
        { attempt: 9, length: 100 },
        { attempt: 10, length: 0 },
      ]);
    });

    it('refuses an entry at or before the last one', async () => {
      newRun();
      await log.open(runId, 1);
      await log.append(runId, output(1, 5, 'hello'));
      expect(await log.append(runId, output(1, 5, 'HELLO'))).toBe('refused');
      expect(await log.append(runId, output(1, 4, 'hell'))).toBe('refused');
      expect(await log.open(runId, 1)).toBe('refused');
      expect(await log.last(runId)).toEqual(output(1, 5, 'hello'));
    });

    it('refuses an attempt 0: attempts count from 1', async () => {
      expect(await log.open(newRun(), 0)).toBe('refused');
      expect(await log.append(runId, output(1, 1, 'a'))).toBe('gone');
    });

    it('fences a writer whose run another attempt has taken over', async () => {
      newRun();
      await log.open(runId, 1);
      await log.append(runId, output(1, 500, 'a'.repeat(500)));
      expect(await log.open(runId, 2)).toBe('appended');
      expect(await log.append(runId, output(1, 501, 'b'))).toBe('refused');
      expect(await log.append(runId, done(1, 501))).toBe('refused');
      expect(await log.open(runId, 1)).toBe('refused');
      expect((await log.last(runId))?.at).toEqual({ attempt: 2, length: 0 });
      expect(await log.append(runId, output(2, 1, 'c'))).toBe('appended');
    });

    it('shows a writer its own repeat by the last entry', async () => {
      newRun();
      const entry = output(1, 5, 'hello');
      await log.open(runId, 1);
      await log.append(runId, entry);
      expect(await log.append(runId, entry)).toBe('refused');
      expect((await log.last(runId))?.at).toEqual(entry.at);
    });

    it('puts done behind all output of its attempt', async () => {
      newRun();
      await log.open(runId, 1);
      expect(await log.append(runId, done(1, 0))).toBe('appended');
      expect(await log.append(runId, output(1, Number.MAX_SAFE_INTEGER, 'late'))).toBe('refused');
      expect(await log.append(runId, done(1, 0))).toBe('refused');
      expect(await log.last(runId)).toEqual(done(1, 0));
    });

    it('has exactly one of many writers open an attempt', async () => {
      newRun();
      const results = await Promise.all(Array.from({ length: 20 }, () => log.open(runId, 7)));
      expect(results.filter((result) => result === 'appended')).toHaveLength(1);
      expect(results.filter((result) => result === 'refused')).toHaveLength(19);
    });

    it('keeps text to the character', async () => {
      newRun();
      const texts = [
        '👩‍👩‍👧‍👦 𝒳 한국어 é e\u0301 \u0000 \r\n "quoted" \\',
        ' ',
        '\ufeff\u2028',
        '$5\r\nhello\r\n',
        '🙂'.repeat(200_000),
      ];
      await log.open(runId, 1);
      let length = 0;
      for (const text of texts) {
        length += text.length;
        expect(await log.append(runId, output(1, length, text))).toBe('appended');
      }
      const { entries } = await log.read(runId, undefined, 10);
      expect(entries.map((entry) => (entry.kind === 'output' ? entry.text : entry.kind))).toEqual(['open', ...texts]);
    });
  });

  describe('reading', () => {
    it('gives entries behind a position, at most as many as asked for', async () => {
      newRun();
      await log.open(runId, 1);
      for (const length of [1, 2, 3, 4]) await log.append(runId, output(1, length, 'x'));
      const lengths = async (after: Position | undefined, limit: number) =>
        (await log.read(runId, after, limit)).entries.map(({ at }) => at.length);
      expect(await lengths(undefined, 2)).toEqual([0, 1]);
      expect(await lengths({ attempt: 1, length: 0 }, 2)).toEqual([1, 2]);
      expect(await lengths({ attempt: 1, length: 2 }, 10)).toEqual([3, 4]);
      expect(await log.read(runId, { attempt: 1, length: 4 }, 10)).toEqual({ exists: true, entries: [] });
      expect(await log.read(runId, { attempt: 2, length: 0 }, 10)).toEqual({ exists: true, entries: [] });
    });

    it.each([
      '1-99999999999999999999',
      '1-18446744073709551614',
      '1-9007199254740993',
      '999999999999999-18446744073709551615',
    ])('takes any position that a reader may name: %s', async (text) => {
      newRun();
      const after = parsePosition(text);
      await log.open(runId, 1);
      expect((await log.read(runId, after, 10)).entries).toEqual([]);
      const tail = follow(log, runId, after);
      const other = follow(log, runId);
      await log.append(runId, output(1, 2, 'ab'));
      await other.reached(1, 2);
      expect(tail.entries).toEqual([]);
      tail.close();
      other.close();
    });

    it('is gone after a loss, until the writer opens it again', async () => {
      newRun();
      await log.open(runId, 1);
      await log.append(runId, output(1, 5, 'hello'));
      await started.lose(runId);
      expect(await log.read(runId, undefined, 10)).toEqual({ exists: false, entries: [] });
      expect(await log.last(runId)).toBeUndefined();
      expect(await log.append(runId, output(1, 6, '!'))).toBe('gone');
      expect(await log.open(runId, 1)).toBe('appended');
      expect(await log.append(runId, output(1, 6, 'hello!'))).toBe('appended');
      expect((await log.read(runId, { attempt: 1, length: 3 }, 10)).entries).toEqual([output(1, 6, 'hello!')]);
    });
  });

  describe('tailing', () => testTailing(() => started, logger));

  it('answers a ping', async () => {
    await expect(log.ping()).resolves.toBeUndefined();
  });
}
