import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Position, parsePosition } from '#contract/position.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { waitFor } from '#tests/servers/child.ts';
import type { DoneEntry, LogEntry, OutputEntry, RunLog, Tail } from './run-log.ts';

export interface RunLogUnderTest {
  readonly log: RunLog;
  /** Makes a log vanish, as a flush or its expiry would. */
  lose(runId: string): Promise<void>;
}

/** Keeps what is logged as errors. */
export function listeningLogger(): Logger & { readonly errors: string[] } {
  const errors: string[] = [];
  return { errors, error: (message) => errors.push(message), warn: () => {}, info: () => {}, debug: () => {} };
}

export const output = (attempt: number, length: number, text: string, index = 0): OutputEntry => ({
  kind: 'output',
  at: { attempt, length },
  part: { index, kind: 'text' },
  text,
});

export const done = (attempt: number, length: number): DoneEntry => ({
  kind: 'done',
  at: { attempt, length: Number.POSITIVE_INFINITY },
  outcome: 'complete',
  length,
});

/** Collects what a tail gets. */
export function follow(log: RunLog, runId: string, after?: Position) {
  const entries: LogEntry[] = [];
  const tail: Tail = log.tail(runId, after, (news) => {
    entries.push(...news);
  });
  const isAt = (attempt: number, length: number) => () =>
    entries.at(-1)?.at.attempt === attempt && entries.at(-1)?.at.length === length;
  return {
    ...tail,
    entries,
    texts: () => entries.map((entry) => (entry.kind === 'output' ? entry.text : entry.kind)),
    /** Waits until the last entry that came is the one at this position. */
    reached: (attempt: number, length: number) =>
      waitFor(isAt(attempt, length), { what: `the tail to reach ${attempt}-${length}` }),
  };
}

/** What every run log does, whatever it runs on. */
export function testRunLog(start: (logger: Logger) => Promise<RunLogUnderTest>): void {
  const logger = listeningLogger();
  let log: RunLog;
  let lose: RunLogUnderTest['lose'];
  let runId: string;
  const newRun = () => {
    runId = randomUUID();
    return runId;
  };

  beforeAll(async () => {
    const started = await start(logger);
    log = started.log;
    lose = (id) => started.lose(id);
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
      expect(length - texts.join('').length).toBe(0);
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
      await lose(runId);
      expect(await log.read(runId, undefined, 10)).toEqual({ exists: false, entries: [] });
      expect(await log.last(runId)).toBeUndefined();
      expect(await log.append(runId, output(1, 6, '!'))).toBe('gone');
      expect(await log.open(runId, 1)).toBe('appended');
      expect(await log.append(runId, output(1, 6, 'hello!'))).toBe('appended');
      expect((await log.read(runId, { attempt: 1, length: 3 }, 10)).entries).toEqual([output(1, 6, 'hello!')]);
    });
  });

  describe('tailing', () => {
    it('gives what is there and then what comes, each entry once', async () => {
      newRun();
      await log.open(runId, 1);
      await log.append(runId, output(1, 1, 'a'));
      const tail = follow(log, runId);
      await tail.reached(1, 1);
      for (const length of [2, 3, 4]) await log.append(runId, output(1, length, 'b'));
      await log.append(runId, done(1, 4));
      await tail.reached(1, Number.POSITIVE_INFINITY);
      expect(tail.texts()).toEqual(['open', 'a', 'b', 'b', 'b', 'done']);
      tail.close();
    });

    it('starts behind the position it is given', async () => {
      newRun();
      await log.open(runId, 1);
      for (const [index, text] of ['a', 'b', 'c'].entries()) await log.append(runId, output(1, index + 1, text));
      const tails = [0, 1, 2, 3].map((length) => follow(log, runId, { attempt: 1, length }));
      await log.append(runId, output(1, 4, 'd'));
      await Promise.all(tails.map((tail) => tail.reached(1, 4)));
      expect(tails.map((tail) => tail.texts().join(''))).toEqual(['abcd', 'bcd', 'cd', 'd']);
      for (const tail of tails) tail.close();
    });

    it('waits for a log that is not there yet', async () => {
      const tail = follow(log, newRun());
      await log.open(runId, 1);
      await tail.reached(1, 0);
      expect(tail.texts()).toEqual(['open']);
      tail.close();
    });

    it('goes on over a takeover and over done', async () => {
      newRun();
      const tail = follow(log, runId);
      await log.open(runId, 1);
      await log.append(runId, output(1, 30, 'x'.repeat(30)));
      await log.open(runId, 2);
      await log.append(runId, done(2, 0));
      await tail.reached(2, Number.POSITIVE_INFINITY);
      expect(await log.open(runId, 3)).toBe('appended');
      await tail.reached(3, 0);
      expect(tail.texts()).toEqual(['open', 'x'.repeat(30), 'open', 'done', 'open']);
      tail.close();
    });

    it('follows a log that was lost and opened again from the same place', async () => {
      newRun();
      const tail = follow(log, runId);
      await log.open(runId, 1);
      await log.append(runId, output(1, 5, 'hello'));
      await tail.reached(1, 5);
      await lose(runId);
      // Shorter than what the tail has, the same, and then longer.
      await log.open(runId, 1);
      await log.append(runId, output(1, 4, 'hell'));
      await log.append(runId, output(1, 5, 'o'));
      await log.append(runId, output(1, 7, ', y'));
      await tail.reached(1, 7);
      await lose(runId);
      await log.open(runId, 1);
      await log.append(runId, output(1, 9, 'hello, yo'));
      await tail.reached(1, 9);
      expect(tail.texts()).toEqual(['open', 'hello', ', y', 'hello, yo']);
      tail.close();
    });

    it('gives nothing more once it is closed, also twice', async () => {
      newRun();
      const [closed, open] = [follow(log, runId), follow(log, runId)];
      await log.open(runId, 1);
      await Promise.all([closed.reached(1, 0), open.reached(1, 0)]);
      const appended = log.append(runId, output(1, 1, 'a'));
      closed.close();
      closed.close();
      await appended;
      await log.append(runId, output(1, 2, 'b'));
      await open.reached(1, 2);
      expect(closed.texts()).toEqual(['open']);
      open.close();
      const again = follow(log, runId, { attempt: 1, length: 1 });
      closed.close();
      open.close();
      await again.reached(1, 2);
      await log.append(runId, output(1, 3, 'c'));
      await again.reached(1, 3);
      expect(again.texts()).toEqual(['b', 'c']);
      again.close();
    });

    it('lets a reader close its tail, and open another, from within', async () => {
      newRun();
      const texts: string[] = [];
      let second: Tail | undefined;
      const first = log.tail(runId, undefined, (entries) => {
        texts.push(...entries.map(({ kind }) => kind));
        first.close();
        second ??= log.tail(runId, entries.at(-1)?.at, (news) => texts.push(...news.map(({ kind }) => kind)));
      });
      await log.open(runId, 1);
      await waitFor(() => second, { what: 'the second tail' });
      await log.append(runId, output(1, 1, 'a'));
      await log.append(runId, done(1, 1));
      await waitFor(() => texts.includes('done'), { what: 'done' });
      expect(texts).toEqual(['open', 'output', 'done']);
      second?.close();
    });

    it('keeps readers apart: one that throws does not stop another', async () => {
      newRun();
      const broken = log.tail(runId, undefined, () => {
        throw new Error('a reader that breaks');
      });
      const tail = follow(log, runId);
      await log.open(runId, 1);
      await log.append(runId, output(1, 1, 'a'));
      await tail.reached(1, 1);
      expect(logger.errors).toContain('A reader of a run log failed.');
      broken.close();
      tail.close();
    });

    it('gives a late reader of a long log all of it, in order', async () => {
      newRun();
      await log.open(runId, 1);
      const count = 1000;
      await Promise.all(Array.from({ length: count }, (_, index) => log.append(runId, output(1, index + 1, 'x'))));
      const tail = follow(log, runId, { attempt: 1, length: 0 });
      await tail.reached(1, count);
      expect(tail.entries.map(({ at }) => at.length)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
      tail.close();
    });

    it('lets readers join at any place of a running log and miss nothing', async () => {
      newRun();
      await log.open(runId, 1);
      const readers: ReturnType<typeof follow>[] = [];
      for (let length = 1; length <= 200; length += 1) {
        const appended = log.append(runId, output(1, length, '.'));
        if (length % 10 === 0) readers.push(follow(log, runId, { attempt: 1, length: length % 7 }));
        if (length % 30 === 0) readers.shift()?.close();
        await appended;
      }
      await Promise.all(readers.map((reader) => reader.reached(1, 200)));
      for (const { entries, close } of readers) {
        const first = entries[0]?.at.length ?? 0;
        expect(first).toBeLessThanOrEqual(7);
        expect(entries.map(({ at }) => at.length)).toEqual(Array.from({ length: 201 - first }, (_, i) => first + i));
        close();
      }
    });

    it('follows 200 runs at once', async () => {
      const runs = Array.from({ length: 200 }, () => ({ id: randomUUID() }));
      const tails = runs.map(({ id }) => follow(log, id));
      await Promise.all(runs.map(({ id }) => log.open(id, 1)));
      for (let length = 1; length <= 5; length += 1) {
        await Promise.all(runs.map(({ id }) => log.append(id, output(1, length, id.charAt(length)))));
      }
      await Promise.all(tails.map((tail) => tail.reached(1, 5)));
      expect(tails.map((tail) => tail.texts().join(''))).toEqual(runs.map(({ id }) => `open${id.slice(1, 6)}`));
      for (const tail of tails) tail.close();
    });
  });

  it('answers a ping', async () => {
    await expect(log.ping()).resolves.toBeUndefined();
  });
}
