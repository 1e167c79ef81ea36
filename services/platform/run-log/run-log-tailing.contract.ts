import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { done, follow, type listeningLogger, output, type RunLogUnderTest } from './run-log.fixture.ts';
import type { RunLog, Tail } from './run-log.ts';

/** What the tails of every run log do. */
export function testTailing(started: () => RunLogUnderTest, logger: ReturnType<typeof listeningLogger>): void {
  let log: RunLog;
  let runId: string;

  beforeAll(() => {
    log = started().log;
  });
  beforeEach(() => {
    runId = randomUUID();
  });

  it('gives what is there and then what comes, each entry once', async () => {
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
    await log.open(runId, 1);
    for (const [index, text] of ['a', 'b', 'c'].entries()) await log.append(runId, output(1, index + 1, text));
    const tails = [0, 1, 2, 3].map((length) => follow(log, runId, { attempt: 1, length }));
    await log.append(runId, output(1, 4, 'd'));
    await Promise.all(tails.map((tail) => tail.reached(1, 4)));
    expect(tails.map((tail) => tail.texts().join(''))).toEqual(['abcd', 'bcd', 'cd', 'd']);
    for (const tail of tails) tail.close();
  });

  it('waits for a log that is not there yet', async () => {
    const tail = follow(log, runId);
    await log.open(runId, 1);
    await tail.reached(1, 0);
    expect(tail.texts()).toEqual(['open']);
    tail.close();
  });

  it('goes on over a takeover and over done', async () => {
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
    const tail = follow(log, runId);
    await log.open(runId, 1);
    await log.append(runId, output(1, 5, 'hello'));
    await tail.reached(1, 5);
    await started().lose(runId);
    // Shorter than what the tail has, the same, and then longer.
    await log.open(runId, 1);
    await log.append(runId, output(1, 4, 'hell'));
    await log.append(runId, output(1, 5, 'o'));
    await log.append(runId, output(1, 7, ', y'));
    await tail.reached(1, 7);
    await started().lose(runId);
    await log.open(runId, 1);
    await log.append(runId, output(1, 9, 'hello, yo'));
    await tail.reached(1, 9);
    expect(tail.texts()).toEqual(['open', 'hello', ', y', 'hello, yo']);
    tail.close();
  });

  it('gives nothing more once it is closed, also twice', async () => {
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
    await log.open(runId, 1);
    const count = 1000;
    await Promise.all(Array.from({ length: count }, (_, index) => log.append(runId, output(1, index + 1, 'x'))));
    const tail = follow(log, runId, { attempt: 1, length: 0 });
    await tail.reached(1, count);
    expect(tail.entries.map(({ at }) => at.length)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    tail.close();
  });

  it('lets readers join at any place of a running log and miss nothing', async () => {
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
}
