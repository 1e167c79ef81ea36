import { describe, expect, inject, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { newPlace, privateRedis } from './private-redis.fixture.ts';
import { gate, workQueue } from './queue-testing.ts';

const msOf = async (work: Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work;
  return performance.now() - began;
};

describe.skipIf(!inject('canStartRedis'))('BullQueue where Redis fails', () => {
  const { start, open, admin } = privateRedis();

  it('keeps waiting jobs through a kill of Redis, and its consumers go on; each outage is one line', async () => {
    const place = await newPlace();
    const server = await start(place);
    const { queue, spec, ends, lines } = open(place.port);
    const busy = workQueue();
    const seen: string[] = [];
    queue.consume(busy, { concurrency: 2 }, async (job) => {
      seen.push(job.id);
    });
    for (const id of ['a', 'b', 'c']) await queue.add(spec, { n: 1 }, { id });
    await queue.add(spec, { n: 1 }, { id: 'later', delay: 1 });
    await queue.add(busy, { n: 0 }, { id: 'before' });
    await waitFor(async () => ends.length === 1 && (await queue.counts(busy)).active === 0);

    await server.kill();
    await waitFor(() => lines.some((line) => line.message.includes('lost')));
    await start(place);
    await waitFor(() =>
      queue
        .ping()
        .then(() => true)
        .catch(() => false),
    );
    queue.consume(spec, { concurrency: 1 }, async (job) => {
      seen.push(job.id);
    });
    await queue.add(busy, { n: 0 }, { id: 'after' });
    await waitFor(() => ends.length === 6);
    expect(seen.toSorted()).toEqual(['a', 'after', 'b', 'before', 'c', 'later']);
    expect(lines.map(({ level }) => level)).toEqual(['error', 'info']);
  });

  it('finishes a job that was under way while Redis was away', async () => {
    const place = await newPlace();
    const server = await start(place);
    const { queue, spec, ends } = open(place.port);
    const hold = gate();
    const began = gate();
    let runs = 0;
    queue.consume(spec, { concurrency: 1 }, async () => {
      runs += 1;
      began.resolve();
      await hold.promise;
    });
    await queue.add(spec, { n: 1 }, { id: 'one' });
    await began.promise;
    await server.kill();
    hold.resolve();
    await waitFor(() => ends.length === 1);
    await start(place);
    await waitFor(async () => (await queue.counts(spec).catch(() => undefined))?.active === 0);
    expect(await queue.counts(spec)).toEqual({ waiting: 0, active: 0, delayed: 0, dead: 0 });
    expect(runs).toBe(1);
  });

  it('runs new jobs after a flush, also with the id of one that was forgotten under way', async () => {
    const place = await newPlace();
    await start(place);
    const { queue, spec, ends, lines } = open(place.port);
    const hold = gate();
    const seen: number[] = [];
    queue.consume(spec, { concurrency: 2 }, async ({ data }) => {
      seen.push(data.n);
      if (data.n === 1) await hold.promise;
    });
    await queue.add(spec, { n: 1 }, { id: 'same' });
    await waitFor(() => seen.length === 1);
    await admin(place.port, (redis) => redis.flushall());
    await queue.add(spec, { n: 2 }, { id: 'same' });
    await queue.add(spec, { n: 3 }, { id: 'delayed', delay: 20 });
    await waitFor(() => ends.length === 2);
    hold.resolve();
    await waitFor(() => ends.length === 3);
    await queue.add(spec, { n: 4 });
    await waitFor(() => ends.length === 4);
    expect(seen).toEqual([1, 2, 3, 4]);
    await waitFor(() => lines.length > 0);
    expect(lines.every(({ message }) => message.includes('had forgotten'))).toBe(true);
    expect(await queue.counts(spec)).toEqual({ waiting: 0, active: 0, delayed: 0, dead: 0 });
  });

  it('fails an add soon while Redis is away, does not make up for it later, and tells the outage once', async () => {
    const place = await newPlace();
    const server = await start(place);
    const { queue, spec, lines } = open(place.port);
    queue.consume(workQueue(), { concurrency: 1 }, async () => {});
    await queue.add(spec, { n: 1 }, { id: 'before' });
    await server.kill();
    await waitFor(() => lines.length > 0);
    const failing = expect(queue.add(spec, { n: 1 }, { id: 'away' })).rejects.toThrow('did not answer within 1000 ms');
    expect(await msOf(failing)).toBeLessThan(1_500);
    const many = await Promise.allSettled(Array.from({ length: 100 }, () => queue.add(spec, { n: 1 })));
    expect(many.every(({ status }) => status === 'rejected')).toBe(true);
    await start(place);
    await waitFor(() =>
      queue
        .ping()
        .then(() => true)
        .catch(() => false),
    );
    await queue.add(spec, { n: 1 }, { id: 'back' });
    expect((await queue.counts(spec)).waiting).toBe(2);
    expect(lines.map(({ level }) => level)).toEqual(['error', 'info']);
  });

  it('fails an add soon while Redis hangs', async () => {
    const place = await newPlace();
    const server = await start(place);
    const { queue, spec } = open(place.port);
    await queue.ping();
    server.process.kill('SIGSTOP');
    const failing = expect(queue.add(spec, { n: 1 })).rejects.toThrow('did not answer');
    expect(await msOf(failing)).toBeLessThan(1_500);
    server.process.kill('SIGCONT');
    await queue.add(spec, { n: 1 });
  });

  it('begins without Redis, and works from when it is there', async () => {
    const place = await newPlace();
    const { queue, spec, ends } = open(place.port);
    queue.consume(spec, { concurrency: 1 }, async () => {});
    await expect(queue.add(spec, { n: 1 })).rejects.toThrow('did not answer');
    await start(place);
    await waitFor(() =>
      queue
        .ping()
        .then(() => true)
        .catch(() => false),
    );
    await queue.add(spec, { n: 1 });
    await waitFor(() => ends.length === 1);
  });

  it('closes without Redis, whether it ever was there or not', async () => {
    const place = await newPlace();
    const never = open(place.port);
    never.queue.consume(never.spec, { concurrency: 1 }, async () => {});
    expect(await msOf(never.queue.close())).toBeLessThan(500);

    const server = await start(place);
    const gone = open(place.port);
    const began = gate();
    const hold = gate();
    const consumer = gone.queue.consume(gone.spec, { concurrency: 1 }, async () => {
      began.resolve();
      await hold.promise;
    });
    await gone.queue.add(gone.spec, { n: 1 });
    await began.promise;
    await server.kill();
    hold.resolve();
    expect(await msOf(consumer.drain(60_000))).toBeLessThan(3_000);
    expect(gone.lines.at(-1)).toMatchObject({
      level: 'warn',
      message: expect.stringContaining('was away while a consumer ended'),
    });
    expect(await msOf(gone.queue.close())).toBeLessThan(500);
  });
});
