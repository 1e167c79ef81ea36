import { expect, it } from 'vitest';
import { currentTrace, newTrace, runInTrace } from '#platform/telemetry/trace.ts';
import { waitFor } from '#tests/servers/child.ts';
import { gate, noJobs, type Setup, workQueue } from './queue-testing.ts';

/** What is added arrives, as it was, once where nothing fails. */
export function deliveryContract(setup: Setup): void {
  it('gives a job to a consumer, with what it carries, and forgets it when it is done', async () => {
    const { queue, spec, waits, ends } = setup();
    const before = Date.now();
    await queue.add(spec, { n: 1, text: 'über 🌙' }, { id: 'one' });
    const seen: unknown[] = [];
    queue.consume(spec, { concurrency: 1 }, async (job) => {
      expect(job.addedAt).toBeGreaterThanOrEqual(before);
      expect(job.addedAt).toBeLessThanOrEqual(Date.now());
      seen.push([job.id, job.data, job.attempt]);
    });
    await waitFor(() => ends.length === 1);
    expect(seen).toEqual([['one', { n: 1, text: 'über 🌙' }, 1]]);
    expect(ends).toEqual(['done']);
    expect(waits).toEqual([expect.toSatisfy((seconds) => seconds >= 0 && seconds < 5)]);
    await waitFor(async () => (await queue.counts(spec)).active === 0);
    expect(await queue.counts(spec)).toEqual(noJobs);
  });

  it('gives a job to a consumer that was there before it', async () => {
    const { queue, spec } = setup();
    const seen: number[] = [];
    queue.consume(spec, { concurrency: 1 }, async ({ data }) => {
      seen.push(data.n);
    });
    for (const n of [1, 2, 3]) {
      await queue.add(spec, { n });
      await waitFor(() => seen.length === n, { everyMs: 1 });
    }
    expect(seen).toEqual([1, 2, 3]);
  });

  it('keeps queues apart', async () => {
    const { queue, spec, ends } = setup();
    const other = workQueue();
    await queue.add(other, { n: 1 });
    await queue.add(spec, { n: 2 });
    const seen: number[] = [];
    queue.consume(spec, { concurrency: 5 }, async ({ data }) => {
      seen.push(data.n);
    });
    await waitFor(() => ends.length === 1);
    expect(seen).toEqual([2]);
    expect(await queue.counts(other)).toEqual({ ...noJobs, waiting: 1 });
  });

  it('takes an id once while its job waits, is delayed or is active, and again when it is done', async () => {
    const { queue, spec, ends } = setup();
    await queue.add(spec, { n: 1 }, { id: 'same' });
    await queue.add(spec, { n: 2 }, { id: 'same' });
    await queue.add(spec, { n: 3 }, { id: 'later', delay: 60_000 });
    await queue.add(spec, { n: 4 }, { id: 'later' });
    expect(await queue.counts(spec)).toEqual({ ...noJobs, waiting: 1, delayed: 1 });
    const seen: number[] = [];
    const hold = gate();
    queue.consume(spec, { concurrency: 5 }, async ({ data }) => {
      seen.push(data.n);
      await hold.promise;
    });
    await waitFor(() => seen.length === 1);
    await queue.add(spec, { n: 5 }, { id: 'same' });
    expect(await queue.counts(spec)).toEqual({ ...noJobs, active: 1, delayed: 1 });
    hold.resolve();
    await waitFor(async () => ends.length === 1 && (await queue.counts(spec)).active === 0);
    await queue.add(spec, { n: 6 }, { id: 'same' });
    await waitFor(() => ends.length === 2);
    expect(seen).toEqual([1, 6]);
  });

  it('takes ids of digits alone and words of the library, and refuses other characters than the port names', async () => {
    const { queue, spec } = setup();
    const seen: string[] = [];
    const ids = ['0', '17', '-5', 'a_B-9', 'wait', 'active', 'delayed', 'failed', 'meta', 'events', 'marker', 'id'];
    for (const id of ids) await queue.add(spec, { n: 1 }, { id });
    queue.consume(spec, { concurrency: 1 }, async (job) => {
      seen.push(job.id);
    });
    await waitFor(() => seen.length === ids.length);
    expect(seen).toEqual(ids);
    for (const id of ['', 'a:b', 'a b', 'ä', '.1']) {
      await expect(queue.add(spec, { n: 1 }, { id })).rejects.toThrow('letters, digits');
    }
  });

  it('runs no more jobs at a time than it was told', async () => {
    const { queue, spec, ends } = setup();
    for (let n = 0; n < 30; n++) await queue.add(spec, { n });
    let active = 0;
    let most = 0;
    queue.consume(spec, { concurrency: 3 }, async () => {
      active += 1;
      most = Math.max(most, active);
      await new Promise((resolve) => setImmediate(resolve));
      active -= 1;
    });
    await waitFor(() => ends.length === 30);
    expect(most).toBe(3);
  });

  it('holds a delayed job back until it is due', async () => {
    const { queue, spec, waits } = setup();
    const began = performance.now();
    const done = gate();
    queue.consume(spec, { concurrency: 1 }, async () => done.resolve());
    await queue.add(spec, { n: 1 }, { delay: 150 });
    expect(await queue.counts(spec)).toEqual({ ...noJobs, delayed: 1 });
    await done.promise;
    expect(performance.now() - began).toBeGreaterThanOrEqual(145);
    expect(waits[0]).toBeLessThan(1);
  });

  it('carries the trace of whoever added a job, and gives one to a job without', async () => {
    const { queue, spec, ends } = setup();
    const traces: unknown[] = [];
    queue.consume(spec, { concurrency: 1 }, async () => {
      traces.push(currentTrace());
    });
    const trace = newTrace();
    await runInTrace(trace, () => queue.add(spec, { n: 1 }));
    await waitFor(() => ends.length === 1);
    await queue.add(spec, { n: 2 });
    await waitFor(() => ends.length === 2);
    expect(traces[0]).toEqual({ traceId: trace.traceId, spanId: expect.not.stringMatching(trace.spanId) });
    expect(traces[1]).toEqual({ traceId: expect.not.stringMatching(trace.traceId), spanId: expect.any(String) });
  });

  it('carries 100 KB', async () => {
    const { queue, spec, ends } = setup();
    const text = 'Es war einmal 🌙 '.repeat(6_000);
    let seen: string | undefined;
    queue.consume(spec, { concurrency: 1 }, async ({ data }) => {
      seen = data.text;
    });
    await queue.add(spec, { n: 1, text });
    await waitFor(() => ends.length === 1);
    expect(seen).toBe(text);
  });

  it('carries what the data were when the job was added', async () => {
    const { queue, spec, ends } = setup();
    const data = { n: 1 };
    await queue.add(spec, data);
    data.n = 2;
    let seen: number | undefined;
    queue.consume(spec, { concurrency: 1 }, async (job) => {
      seen = job.data.n;
    });
    await waitFor(() => ends.length === 1);
    expect(seen).toBe(1);
  });

  it('does 500 jobs exactly once each, shared by several consumers in two processes', async () => {
    const { queue, beside, spec, ends } = setup();
    const other = beside();
    const times = new Map<number, number>();
    const shares = [0, 0, 0];
    for (const [index, from] of [queue, queue, other].entries()) {
      from.consume(spec, { concurrency: 8 }, async ({ data }) => {
        times.set(data.n, (times.get(data.n) ?? 0) + 1);
        shares[index] = (shares[index] ?? 0) + 1;
        await new Promise((resolve) => setImmediate(resolve));
      });
    }
    await Promise.all(Array.from({ length: 500 }, (_, n) => queue.add(spec, { n })));
    await waitFor(() => ends.length >= 500);
    await waitFor(async () => (await queue.counts(spec)).active === 0);
    expect(times.size).toBe(500);
    expect([...times.values()].every((count) => count === 1)).toBe(true);
    expect(await queue.counts(spec)).toEqual(noJobs);
    expect(shares.every((share) => share > 0)).toBe(true);
  });
}
