import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '#platform/clock.ts';
import type { LogFields } from '#platform/telemetry/log-fields.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { currentTrace, newTrace, runInTrace } from '#platform/telemetry/trace.ts';
import { waitFor } from '#tests/servers/child.ts';
import type { Job, Queue, QueueSpec } from './queue.ts';
import type { QueueTools } from './run-job.ts';

export interface QueueHarness {
  open(tools: QueueTools): Queue;
  /** The same queue as another process would have it. */
  openBeside(queue: Queue, tools: QueueTools): Queue;
}

export interface LogLine extends LogFields {
  readonly level: string;
  readonly message: string;
}

const workSchema = z.object({ n: z.number(), text: z.string().optional() });
type Work = z.infer<typeof workSchema>;

export const workQueue = (): QueueSpec<Work> => ({ name: `test-${randomUUID()}`, data: workSchema });

/** What a queue needs, and what it told. */
export function recordingTools() {
  const lines: LogLine[] = [];
  const log =
    (level: string) =>
    (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, ...fields });
    };
  const logger: Logger = { error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug') };
  const waits: number[] = [];
  const ends: string[] = [];
  const metrics = {
    wait: (_queue: string, seconds: number) => waits.push(seconds),
    ended: (_queue: string, outcome: string) => ends.push(outcome),
  };
  return { tools: { clock: systemClock, logger, metrics, random: Math.random }, lines, waits, ends };
}

/** A promise that the test resolves. */
export const gate = () => Promise.withResolvers<void>();

const empty = { waiting: 0, active: 0, delayed: 0, dead: 0 };

export function queueContract(name: string, harness: QueueHarness): void {
  describe(`${name} keeps the contract of Queue`, () => {
    const opened: Queue[] = [];
    const setup = () => {
      const recorded = recordingTools();
      const queue = harness.open(recorded.tools);
      const beside = () => {
        const other = harness.openBeside(queue, recorded.tools);
        opened.push(other);
        return other;
      };
      opened.push(queue);
      return { ...recorded, queue, beside, spec: workQueue() };
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((queue) => queue.close()));
    });

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
      expect(await queue.counts(spec)).toEqual(empty);
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
      expect(await queue.counts(other)).toEqual({ ...empty, waiting: 1 });
    });

    it('takes an id once while its job waits, is delayed or is active, and again when it is done', async () => {
      const { queue, spec, ends } = setup();
      await queue.add(spec, { n: 1 }, { id: 'same' });
      await queue.add(spec, { n: 2 }, { id: 'same' });
      await queue.add(spec, { n: 3 }, { id: 'later', delay: 60_000 });
      await queue.add(spec, { n: 4 }, { id: 'later' });
      expect(await queue.counts(spec)).toEqual({ ...empty, waiting: 1, delayed: 1 });
      const seen: number[] = [];
      const hold = gate();
      queue.consume(spec, { concurrency: 5 }, async ({ data }) => {
        seen.push(data.n);
        await hold.promise;
      });
      await waitFor(() => seen.length === 1);
      await queue.add(spec, { n: 5 }, { id: 'same' });
      expect(await queue.counts(spec)).toEqual({ ...empty, active: 1, delayed: 1 });
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
      expect(await queue.counts(spec)).toEqual(empty);
    });

    it('holds a delayed job back until it is due', async () => {
      const { queue, spec, waits } = setup();
      const began = performance.now();
      const done = gate();
      queue.consume(spec, { concurrency: 1 }, async () => done.resolve());
      await queue.add(spec, { n: 1 }, { delay: 150 });
      expect(await queue.counts(spec)).toEqual({ ...empty, delayed: 1 });
      await done.promise;
      expect(performance.now() - began).toBeGreaterThanOrEqual(145);
      expect(waits[0]).toBeLessThan(1);
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
      expect(await queue.counts(spec)).toEqual({ ...empty, dead: 1 });
      expect(await queue.retryDeadLetter(spec, 'first')).toBe(false);
      expect(await queue.retryDeadLetter(spec, 'never-was')).toBe(false);
    });

    it('keeps the latest 1,000 dead letters', async () => {
      const { queue, spec } = setup();
      queue.consume(spec, { concurrency: 1 }, () => Promise.reject(new Error('broken')));
      await Promise.all(Array.from({ length: 1_003 }, (_, n) => queue.add(spec, { n }, { id: `job-${n}` })));
      await waitFor(async () => (await queue.deadLetters(spec, 1))[0]?.id === 'job-1002');
      const letters = await queue.deadLetters(spec, 2_000);
      expect(letters).toHaveLength(1_000);
      expect(letters.at(-1)?.id).toBe('job-3');
      await queue.add(spec, { n: 1 }, { id: 'job-0', delay: 60_000 });
      expect(await queue.counts(spec)).toEqual({ ...empty, delayed: 1, dead: 1_000 });
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
      expect(await queue.counts(spec)).toEqual(empty);
      expect(shares.every((share) => share > 0)).toBe(true);
    });

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
      expect(await queue.counts(spec)).toEqual({ ...empty, waiting: 1 });
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
      expect(await queue.counts(spec)).toEqual({ ...empty, waiting: 1 });
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
      expect(await queue.counts(spec)).toEqual(empty);
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
      expect(await queue.counts(spec)).toEqual(empty);
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
  });
}
