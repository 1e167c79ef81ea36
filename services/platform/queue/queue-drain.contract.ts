import { expect, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import type { Job } from './queue.ts';
import { gate, noJobs, type Setup, type Work } from './queue-testing.ts';

/** How a consumer and a queue come to an end. */
export function drainContract(setup: Setup): void {
  it('drains: takes no new job and waits for those under way', async () => {
    const { queue, spec, ends } = setup();
    const hold = gate();
    const seen: number[] = [];
    let aborted = false;
    const consumer = queue.consume(spec, { concurrency: 2 }, async ({ data }, signal) => {
      seen.push(data.n);
      await hold.promise;
      aborted = signal.aborted;
    });
    await queue.add(spec, { n: 1 });
    await waitFor(() => seen.length === 1);
    let drained = false;
    const draining = consumer.drain(60_000).then(() => {
      drained = true;
    });
    await queue.add(spec, { n: 2 });
    expect(drained).toBe(false);
    hold.resolve();
    await draining;
    expect([seen, ends, aborted]).toEqual([[1], ['done'], false]);
    expect(await queue.counts(spec)).toEqual({ ...noJobs, waiting: 1 });
    await consumer.drain(0);
  });

  it('aborts what is under way when the grace is over, and gives it to another as if it had not been tried', async () => {
    const { queue, beside, spec, ends } = setup();
    const attempts: number[] = [];
    const consumer = queue.consume(spec, { concurrency: 1 }, async ({ attempt }, signal) => {
      attempts.push(attempt);
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await queue.add(spec, { n: 1 }, { id: 'long' });
    await waitFor(() => attempts.length === 1);
    await consumer.drain(20);
    expect(ends).toEqual(['retried']);
    expect(await queue.counts(spec)).toEqual({ ...noJobs, waiting: 1 });
    beside().consume(spec, { concurrency: 1 }, async ({ attempt }) => {
      attempts.push(attempt);
    });
    await waitFor(() => ends.length === 2);
    expect(attempts).toEqual([1, 1]);
    expect(ends).toEqual(['retried', 'done']);
  });

  it('loses and doubles nothing where a consumer drains in the middle of its work', async () => {
    const { queue, beside, spec, ends } = setup();
    const tries: string[] = [];
    const note = async ({ data, attempt }: Job<Work>) => {
      tries.push(`${data.n}/${attempt}`);
      await new Promise((resolve) => setImmediate(resolve));
    };
    const consumer = queue.consume(spec, { concurrency: 4 }, note);
    await Promise.all(Array.from({ length: 200 }, (_, n) => queue.add(spec, { n })));
    await waitFor(() => tries.length > 20, { everyMs: 1 });
    await consumer.drain(60_000);
    beside().consume(spec, { concurrency: 4 }, note);
    await waitFor(async () => ends.length >= 200 && (await queue.counts(spec)).active === 0);
    expect(tries.toSorted()).toEqual(Array.from({ length: 200 }, (_, n) => `${n}/1`).toSorted());
    expect(await queue.counts(spec)).toEqual(noJobs);
  });

  it('cuts the grace of a drain short when a second asks for less', async () => {
    const { queue, spec } = setup();
    const began = gate();
    const consumer = queue.consume(spec, { concurrency: 1 }, async (_, signal) => {
      began.resolve();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    });
    await queue.add(spec, { n: 1 });
    await began.promise;
    const first = consumer.drain(60_000);
    await consumer.drain(0);
    await first;
    expect(await queue.counts(spec)).toEqual(noJobs);
  });

  it('ends at once where a consumer had nothing to do', async () => {
    const { queue, spec } = setup();
    const consumer = queue.consume(spec, { concurrency: 4 }, async () => {});
    const began = performance.now();
    await consumer.drain(60_000);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('answers a ping while it is open, and nothing after', async () => {
    const { queue, spec } = setup();
    await queue.ping();
    await queue.close();
    await expect(queue.ping()).rejects.toThrow();
    await expect(queue.add(spec, { n: 1 })).rejects.toThrow();
  });

  it('aborts what is under way when it is closed', async () => {
    const { queue, spec } = setup();
    const began = gate();
    const ended = gate();
    queue.consume(spec, { concurrency: 1 }, async (_, signal) => {
      began.resolve();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      ended.resolve();
    });
    await queue.add(spec, { n: 1 });
    await began.promise;
    await queue.close();
    await ended.promise;
  });
}
