import { describe, expect, it } from 'vitest';
import { LocalQueue } from './local-queue.ts';
import { queueContract } from './queue.contract.ts';
import { recordingTools, workQueue } from './queue-testing.ts';

queueContract('LocalQueue', { open: (tools) => new LocalQueue(tools), openBeside: (queue) => queue });

describe('LocalQueue', () => {
  /** A clock whose timers the test lets off. */
  const steppedClock = () => {
    const timers: Array<{ ms: number; callback: () => void }> = [];
    const after = (ms: number, callback: () => void) => {
      const timer = { ms, callback };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    };
    return { timers, clock: { now: () => 0, monotonic: () => 0, after } };
  };

  it('hands a job to an idle consumer before anything else happens in the process', async () => {
    const queue = new LocalQueue(recordingTools().tools);
    const spec = workQueue();
    const order: string[] = [];
    queue.consume(spec, { concurrency: 1 }, async () => {
      order.push('job');
    });
    setImmediate(() => order.push('next turn'));
    await queue.add(spec, { n: 1 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual(['job', 'next turn']);
    await queue.close();
  });

  it('waits longer than a timer of the platform can', async () => {
    const { timers, clock } = steppedClock();
    const queue = new LocalQueue({ ...recordingTools().tools, clock });
    const spec = workQueue();
    await queue.add(spec, { n: 1 }, { delay: 2 ** 31 + 9 });
    expect(timers.map(({ ms }) => ms)).toEqual([2 ** 31 - 1]);
    timers.shift()?.callback();
    expect(await queue.counts(spec)).toMatchObject({ delayed: 1, waiting: 0 });
    expect(timers.map(({ ms }) => ms)).toEqual([10]);
    timers.shift()?.callback();
    expect(await queue.counts(spec)).toMatchObject({ delayed: 0, waiting: 1 });
  });

  it('leaves no timer behind when it is closed, not even for a job that fails then', async () => {
    const { timers, clock } = steppedClock();
    const { tools, ends } = recordingTools();
    const queue = new LocalQueue({ ...tools, clock });
    const spec = workQueue();
    let began = false;
    queue.consume(spec, { concurrency: 1 }, async (_, signal) => {
      began = true;
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))));
    });
    await queue.add(spec, { n: 1 }, { attempts: 3 });
    await queue.add(spec, { n: 2 }, { delay: 1_000 });
    await Promise.resolve();
    expect([began, timers.length]).toEqual([true, 1]);
    await queue.close();
    expect([ends, timers]).toEqual([['retried'], []]);
  });
});
