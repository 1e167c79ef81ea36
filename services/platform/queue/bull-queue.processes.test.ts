import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { newPlace, privateRedis } from './private-redis.fixture.ts';
import { gate, workQueue } from './queue-testing.ts';

const holdJob = fileURLToPath(new URL('./hold-job.fixture.ts', import.meta.url));
/** A process that is gone is noticed soon, so that tests need not wait. */
const hasty = { lockMs: 600, stalledCheckMs: 200 };

/** Starts a process that takes a job, waits until it has it, and kills it as the kernel does. */
const takeAndDie = async (port: number, name: string) => {
  const child = spawn(process.execPath, [holdJob, `redis://127.0.0.1:${port}`, name, JSON.stringify(hasty)]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  await waitFor(() => output.includes('holding'), { what: `a child that holds a job:\n${output}` });
  child.kill('SIGKILL');
  await once(child, 'exit');
};

describe.skipIf(!inject('canStartRedis'))('BullQueue between processes', () => {
  const { start, open, admin } = privateRedis();

  it('gives the job of a killed process to another, and blocks no other id meanwhile', async () => {
    const place = await newPlace();
    await start(place);
    const { queue, spec, ends, lines } = open(place.port, hasty);
    await queue.add(spec, { n: 1 }, { id: 'answer-r-1' });
    await takeAndDie(place.port, spec.name);
    const seen: Array<[string, number]> = [];
    queue.consume(spec, { concurrency: 1 }, async (job) => {
      seen.push([job.id, job.attempt]);
    });
    await queue.add(spec, { n: 1 }, { id: 'answer-r-2' });
    await waitFor(() => ends.length === 1);
    expect(seen).toEqual([['answer-r-2', 1]]);
    await waitFor(() => ends.length === 2);
    expect(seen[1]).toEqual(['answer-r-1', 1]);
    expect(lines).toMatchObject([{ level: 'warn', 'lamplight.job.id': 'answer-r-1' }]);
    await waitFor(async () => (await queue.counts(spec)).active === 0);
    expect(await queue.counts(spec)).toEqual({ waiting: 0, active: 0, delayed: 0, dead: 0 });
  });

  it('survives the end of a job that was given to another while its process was frozen', async () => {
    const place = await newPlace();
    await start(place);
    const { queue, spec, ends, lines } = open(place.port, hasty);
    const frozen = gate();
    const seen: number[] = [];
    const handle = async ({ attempt }: { attempt: number }) => {
      seen.push(attempt);
      if (seen.length === 1) await frozen.promise;
    };
    queue.consume(spec, { concurrency: 1 }, handle);
    await queue.add(spec, { n: 1 }, { id: 'one' });
    await waitFor(() => seen.length === 1);
    queue.consume(spec, { concurrency: 1 }, handle);
    await waitFor(async () => {
      await admin(place.port, (redis) => redis.del(`lamplight:${spec.name}:.one:lock`));
      return ends.length === 1;
    });
    frozen.resolve();
    await waitFor(() => ends.length === 2);
    await waitFor(() => lines.some(({ message }) => message.includes('had forgotten or given to another')));
    expect([seen, ends]).toEqual([
      [1, 1],
      ['done', 'done'],
    ]);
    await queue.add(spec, { n: 2 }, { id: 'one' });
    await waitFor(() => ends.length === 3);
    expect(await queue.deadLetters(spec, 10)).toEqual([]);
  });

  it('leaves nothing behind in Redis for a job that is done', async () => {
    const place = await newPlace();
    await start(place);
    const { queue, spec, ends } = open(place.port);
    queue.consume(spec, { concurrency: 4 }, async () => {});
    for (let n = 0; n < 20; n++) await queue.add(spec, { n });
    await waitFor(async () => ends.length === 20 && (await queue.counts(spec)).active === 0);
    const keys = await admin(place.port, (redis) => redis.keys(`lamplight:${spec.name}:.*`));
    expect(keys).toEqual([]);
  });

  it('buries a job whose process dies again and again, and tries it again when asked', async () => {
    const place = await newPlace();
    await start(place);
    const { queue, spec, ends, lines } = open(place.port, { ...hasty, maxStalls: 0 });
    await queue.add(spec, { n: 1 }, { id: 'poison', attempts: 3 });
    await takeAndDie(place.port, spec.name);
    const seen: number[] = [];
    queue.consume(spec, { concurrency: 1 }, async (job) => {
      seen.push(job.attempt);
    });
    await waitFor(async () => (await queue.counts(spec)).dead === 1);
    await waitFor(() => ends.length === 1);
    expect([seen, ends]).toEqual([[], ['dead']]);
    expect(lines.at(-1)).toMatchObject({ level: 'error', 'lamplight.job.id': 'poison' });
    expect((await queue.deadLetters(spec, 1))[0]?.error).toContain('stalled');
    await queue.retryDeadLetter(spec, 'poison');
    await waitFor(() => ends.length === 2);
    expect([seen, ends]).toEqual([[1], ['dead', 'done']]);
  });

  it('keeps a job that takes longer than the lock for the one that has it', async () => {
    const place = await newPlace();
    await start(place);
    const one = open(place.port, hasty);
    const two = open(place.port, hasty);
    const began = performance.now();
    let runs = 0;
    for (const { queue } of [one, two]) {
      queue.consume(one.spec, { concurrency: 1 }, async () => {
        runs += 1;
        await waitFor(() => performance.now() - began > 3 * hasty.lockMs);
      });
    }
    await one.queue.add(one.spec, { n: 1 });
    await waitFor(() => one.ends.length + two.ends.length === 1);
    expect(runs).toBe(1);
    expect([...one.lines, ...two.lines]).toEqual([]);
  });

  it('has one connection, and one more for each consumer', async () => {
    const place = await newPlace();
    await start(place);
    const { queue, spec } = open(place.port);
    const connections = () =>
      admin(
        place.port,
        async (redis) =>
          String(await redis.client('LIST'))
            .trim()
            .split('\n').length - 1,
      );
    await queue.add(spec, { n: 1 });
    await queue.add(workQueue(), { n: 1 });
    expect(await connections()).toBe(1);
    queue.consume(spec, { concurrency: 8 }, async () => {});
    queue.consume(workQueue(), { concurrency: 8 }, async () => {});
    await waitFor(async () => (await connections()) === 3);
    await queue.close();
    await waitFor(async () => (await connections()) === 0);
  });
});
