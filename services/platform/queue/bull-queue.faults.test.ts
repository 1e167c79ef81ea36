import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { connectRedis } from '#platform/redis/connect-redis.ts';
import { freePort, type TestServer, waitFor } from '#tests/servers/child.ts';
import { startRedis } from '#tests/servers/programs.ts';
import type { BullSettings } from './bull-consumer.ts';
import { BullQueue } from './bull-queue.ts';
import { gate, recordingTools, workQueue } from './queue.contract.ts';

const holdJob = fileURLToPath(new URL('./hold-job.fixture.ts', import.meta.url));
/** A process that is gone is noticed soon, so that tests need not wait. */
const hasty = { lockMs: 600, stalledCheckMs: 200 };

describe.skipIf(!inject('canStartRedis'))('BullQueue where Redis or a process fails', () => {
  const queues: BullQueue[] = [];
  const servers: TestServer[] = [];
  afterEach(async () => {
    await Promise.all(queues.splice(0).map((queue) => queue.close()));
    await Promise.all(servers.splice(0).map((server) => server.kill()));
  });

  const start = async (place: { port: number; dir: string }): Promise<TestServer> => {
    const server = await startRedis(place, ['--appendonly', 'yes', '--appendfsync', 'always']);
    if (!server) throw new Error('No redis-server.');
    servers.push(server);
    return server;
  };
  const newPlace = async () => ({ port: await freePort(), dir: await mkdtemp(join(tmpdir(), 'lamplight-queue-')) });
  const open = (port: number, settings: Partial<BullSettings> = {}) => {
    const recorded = recordingTools();
    const redis = connectRedis(`redis://127.0.0.1:${port}`, { role: 'queue', logger: recorded.tools.logger });
    const queue = new BullQueue(redis, recorded.tools, settings);
    queues.push(queue);
    return { ...recorded, queue, spec: workQueue() };
  };
  const admin = async <T>(port: number, work: (redis: Redis) => Promise<T>): Promise<T> => {
    const redis = new Redis(port, '127.0.0.1');
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  };
  const msOf = async (work: Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work;
    return performance.now() - began;
  };
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
    await waitFor(() => ends.length === 1);

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
