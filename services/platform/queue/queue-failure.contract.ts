import { expect, it } from 'vitest';
import { z } from 'zod';
import { waitFor } from '#tests/servers/child.ts';
import { GivenUp, type QueueSpec } from './queue.ts';
import { noJobs, type Setup } from './queue-testing.ts';

/** Tries, back-off and dead letters. */
export function failureContract(setup: Setup): void {
  it('tries a job again after longer and longer pauses until it succeeds', async () => {
    const { queue, spec, ends, lines } = setup();
    const times: number[] = [];
    const attempts: number[] = [];
    queue.consume(spec, { concurrency: 1 }, async (job) => {
      times.push(performance.now());
      attempts.push(job.attempt);
      if (job.attempt < 4) throw new Error(`not yet ${job.attempt}`);
    });
    await queue.add(spec, { n: 1 }, { id: 'stubborn', attempts: 5, backoff: 40 });
    await waitFor(() => ends.length === 4);
    expect(attempts).toEqual([1, 2, 3, 4]);
    expect(ends).toEqual(['retried', 'retried', 'retried', 'done']);
    for (const [index, least] of [30, 60, 120].entries()) {
      const gap = (times[index + 1] ?? 0) - (times[index] ?? 0);
      expect(gap).toBeGreaterThanOrEqual(least - 5);
    }
    expect(lines.map((line) => [line.level, line['lamplight.job.id'], line['lamplight.job.attempt']])).toEqual([
      ['warn', 'stubborn', 1],
      ['warn', 'stubborn', 2],
      ['warn', 'stubborn', 3],
    ]);
    expect(lines[0]).toMatchObject({ 'lamplight.queue.name': spec.name, error: new Error('not yet 1') });
    await waitFor(async () => (await queue.counts(spec)).active === 0);
    expect(await queue.counts(spec)).toEqual(noJobs);
  });

  it('keeps a job that failed for good as a dead letter, the latest first, and can try it again', async () => {
    const { queue, spec, ends, lines } = setup();
    const began = Date.now();
    let broken = true;
    const attempts: Array<[number, number]> = [];
    queue.consume(spec, { concurrency: 1 }, async ({ data, attempt }) => {
      attempts.push([data.n, attempt]);
      if (broken) throw new Error(`broken ${data.n}`);
    });
    await queue.add(spec, { n: 1 }, { id: 'first', attempts: 2, backoff: 1 });
    await waitFor(() => ends.includes('dead'));
    await queue.add(spec, { n: 2 }, { id: 'second' });
    await waitFor(async () => (await queue.counts(spec)).dead === 2);
    const letters = await queue.deadLetters(spec, 10);
    expect(letters).toEqual([
      { id: 'second', data: { n: 2 }, attempts: 1, error: 'broken 2', diedAt: expect.any(Number) },
      { id: 'first', data: { n: 1 }, attempts: 2, error: 'broken 1', diedAt: expect.any(Number) },
    ]);
    expect(letters[0]?.diedAt).toBeGreaterThanOrEqual(began);
    expect((await queue.deadLetters(spec, 1)).map(({ id }) => id)).toEqual(['second']);
    expect(await queue.deadLetters(spec, 0)).toEqual([]);
    const dead = lines.filter((line) => line.level === 'error');
    expect(dead.map((line) => line['lamplight.job.id'])).toEqual(['first', 'second']);
    expect(dead[0]?.error).toEqual(new Error('broken 1'));

    broken = false;
    expect(await queue.retryDeadLetter(spec, 'first')).toBe(true);
    await waitFor(() => ends.at(-1) === 'done');
    expect(attempts.at(-1)).toEqual([1, 1]);
    await waitFor(async () => (await queue.counts(spec)).active === 0);
    expect(await queue.counts(spec)).toEqual({ ...noJobs, dead: 1 });
    expect(await queue.retryDeadLetter(spec, 'first')).toBe(false);
    expect(await queue.retryDeadLetter(spec, 'never-was')).toBe(false);

    const atOnce = Array.from({ length: 6 }, () => queue.retryDeadLetter(spec, 'second'));
    expect((await Promise.all(atOnce)).filter(Boolean)).toEqual([true]);
    await waitFor(async () => {
      const { waiting, active } = await queue.counts(spec);
      return waiting + active === 0;
    });
    expect(attempts.filter(([n]) => n === 2)).toHaveLength(2);
  });

  it('tries a job no more that was given up', async () => {
    const { queue, spec, ends } = setup();
    queue.consume(spec, { concurrency: 1 }, async () => {
      throw new GivenUp('of no use');
    });
    await queue.add(spec, { n: 1 }, { id: 'hopeless', attempts: 5, backoff: 1 });
    await waitFor(async () => (await queue.counts(spec)).dead === 1);
    expect(ends).toEqual(['dead']);
    expect(await queue.deadLetters(spec, 10)).toMatchObject([{ id: 'hopeless', attempts: 1, error: 'of no use' }]);
  });

  it('keeps the latest 1,000 dead letters', async () => {
    const { queue, spec } = setup();
    queue.consume(spec, { concurrency: 1 }, () => Promise.reject(new Error('broken')));
    // Letters of one millisecond may be ordered by their ids.
    const idOf = (n: number) => `job-${String(n).padStart(4, '0')}`;
    await Promise.all(Array.from({ length: 1_003 }, (_, n) => queue.add(spec, { n }, { id: idOf(n) })));
    await waitFor(async () => (await queue.deadLetters(spec, 1))[0]?.id === idOf(1_002));
    const letters = await queue.deadLetters(spec, 2_000);
    expect(letters).toHaveLength(1_000);
    expect(letters.at(-1)?.id).toBe(idOf(3));
    await queue.add(spec, { n: 1 }, { id: idOf(0), delay: 60_000 });
    expect(await queue.counts(spec)).toEqual({ ...noJobs, delayed: 1, dead: 1_000 });
  });

  it('renews the attempts of a dead letter that is tried again', async () => {
    const { queue, spec, waits } = setup();
    const attempts: number[] = [];
    queue.consume(spec, { concurrency: 1 }, async ({ attempt }) => {
      attempts.push(attempt);
      throw new Error('still broken');
    });
    await queue.add(spec, { n: 1 }, { id: 'one', attempts: 2, backoff: 1 });
    await waitFor(async () => (await queue.counts(spec)).dead === 1);
    await queue.retryDeadLetter(spec, 'one');
    await waitFor(async () => attempts.length === 4 && (await queue.counts(spec)).dead === 1);
    expect(attempts).toEqual([1, 2, 1, 2]);
    expect(waits).toHaveLength(2);
  });

  it('takes an id anew whose job is a dead letter, in its place', async () => {
    const { queue, spec, ends } = setup();
    const seen: number[] = [];
    queue.consume(spec, { concurrency: 1 }, async ({ data }) => {
      seen.push(data.n);
      if (data.n === 1) throw new Error('broken');
    });
    await queue.add(spec, { n: 1 }, { id: 'same' });
    await waitFor(async () => (await queue.counts(spec)).dead === 1);
    await queue.add(spec, { n: 2 }, { id: 'same' });
    await waitFor(() => ends.length === 2);
    expect(seen).toEqual([1, 2]);
    expect(await queue.deadLetters(spec, 10)).toEqual([]);
  });

  it('does not try again what does not fit the schema, and says what is wrong', async () => {
    const { queue, spec, ends } = setup();
    const older: QueueSpec<unknown> = { name: spec.name, data: z.unknown() };
    queue.consume(spec, { concurrency: 1 }, async () => expect.unreachable());
    await queue.add(older, { n: 'one' }, { id: 'old', attempts: 5, backoff: 1 });
    await waitFor(async () => (await queue.counts(spec)).dead === 1);
    const [letter] = await queue.deadLetters(spec, 10);
    expect(letter).toMatchObject({ id: 'old', data: { n: 'one' }, attempts: 1 });
    expect(letter?.error).toContain(`do not fit the queue ${spec.name}`);
    expect(letter?.error).toContain('expected number, received string');
    expect(ends).toEqual(['dead']);
  });

  it('takes something thrown that is no error', async () => {
    const { queue, spec } = setup();
    queue.consume(spec, { concurrency: 1 }, () => Promise.reject('just words'));
    await queue.add(spec, { n: 1 });
    await waitFor(async () => (await queue.counts(spec)).dead === 1);
    expect((await queue.deadLetters(spec, 1))[0]?.error).toContain('just words');
  });
}
