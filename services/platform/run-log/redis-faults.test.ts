import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { freePort } from '#scripts/programs/free-port.ts';
import { type TestServer, waitFor } from '#tests/servers/child.ts';
import { startRedis } from '#tests/servers/programs.ts';
import { RedisRunLog } from './redis-run-log.ts';
import { follow, listeningLogger, output } from './run-log.fixture.ts';
import { type AppendResult, type RunLog, RunLogUnavailable } from './run-log.ts';

/** What a worker does: appends, and where the log is gone opens it again with all output so far. */
async function appendOrReopen(log: RunLog, runId: string, length: number): Promise<AppendResult> {
  const result = await log.append(runId, output(1, length, '.'));
  if (result !== 'gone') return result;
  await log.open(runId, 1);
  return log.append(runId, output(1, length, '.'.repeat(length)));
}

/** Tries again until Redis answers. */
const persist = <T>(work: () => Promise<T>) =>
  waitFor(
    async () => {
      try {
        return await work();
      } catch (error) {
        if (error instanceof RunLogUnavailable) return undefined;
        throw error;
      }
    },
    { what: 'Redis to answer', timeoutMs: 15_000 },
  );

describe.skipIf(!inject('canStartRedis'))('RedisRunLog when Redis fails', () => {
  const logger = listeningLogger();
  let place: { port: number; dir: string };
  let server: TestServer;
  let log: RedisRunLog;
  let runId: string;

  async function start(...args: string[]): Promise<void> {
    const started = await startRedis(place, args);
    if (!started) throw new Error('There is no redis-server.');
    server = started;
  }

  beforeEach(async () => {
    place = { port: await freePort(), dir: await mkdtemp(join(tmpdir(), 'lamplight-redis-')) };
    runId = randomUUID();
    logger.errors.length = 0;
  });
  afterEach(async () => {
    await log.close();
    server.process.kill('SIGCONT');
    await server.kill();
  });
  const connect = async () => {
    log = await RedisRunLog.connect(server.url, { clock: systemClock, logger });
  };

  it('goes on after a kill -9 and a start with nothing', async () => {
    await start();
    await connect();
    const tails = [follow(log, runId), follow(log, randomUUID())];
    await log.open(runId, 1);
    await log.append(runId, output(1, 1, '.'));
    await tails[0]?.reached(1, 1);
    await server.kill();
    await expect(log.append(runId, output(1, 2, '.'))).rejects.toThrow(RunLogUnavailable);
    await expect(log.read(runId, undefined, 1)).rejects.toThrow(RunLogUnavailable);
    await expect(log.ping()).rejects.toThrow(RunLogUnavailable);
    // A tail that begins while Redis is away is served when it is back.
    const late = follow(log, runId, { attempt: 1, length: 1 });
    await start();
    expect(await persist(() => appendOrReopen(log, runId, 2))).toBe('appended');
    expect(await log.append(runId, output(1, 3, '.'))).toBe('appended');
    await tails[0]?.reached(1, 3);
    await late.reached(1, 3);
    expect(tails[0]?.texts()).toEqual(['open', '.', '..', '.']);
    expect(late.texts()).toEqual(['..', '.']);
    expect(logger.errors.filter((line) => line.includes('is lost'))).toHaveLength(2);
  });

  it('goes on after a flush, also for tails that begin then', async () => {
    await start();
    await connect();
    const tail = follow(log, runId);
    await log.open(runId, 1);
    await log.append(runId, output(1, 1, '.'));
    await tail.reached(1, 1);
    const redis = new Redis(server.url);
    await redis.flushall();
    redis.disconnect();
    expect(await appendOrReopen(log, runId, 2)).toBe('appended');
    await tail.reached(1, 2);
    const late = follow(log, runId);
    await late.reached(1, 2);
    expect(tail.texts()).toEqual(['open', '.', '..']);
    expect(late.texts()).toEqual(['open', '..']);
  });

  it('goes on where it was after a restart that kept the data', async () => {
    const keep = ['--appendonly', 'yes', '--appendfsync', 'always'];
    await start(...keep);
    await connect();
    const tail = follow(log, runId);
    await log.open(runId, 1);
    for (const length of [1, 2, 3]) await log.append(runId, output(1, length, '.'));
    await tail.reached(1, 3);
    await server.kill();
    await start(...keep);
    expect(await persist(() => log.append(runId, output(1, 4, '!')))).toBe('appended');
    await tail.reached(1, 4);
    expect(tail.texts()).toEqual(['open', '.', '.', '.', '!']);
    expect((await log.read(runId, undefined, 10)).entries).toHaveLength(5);
    expect(await log.open(runId, 1)).toBe('refused');
  });

  it('says within about a second that a Redis hangs, and goes on when it wakes', async () => {
    await start();
    await connect();
    const tail = follow(log, runId);
    await log.open(runId, 1);
    await tail.reached(1, 0);
    server.process.kill('SIGSTOP');
    const began = performance.now();
    await expect(log.append(runId, output(1, 1, 'a'))).rejects.toThrow(RunLogUnavailable);
    expect(performance.now() - began).toBeLessThan(2500);
    // Long enough for the connections to be given up: what is sent then fails at once, so nothing piles up.
    await waitFor(() => logger.errors.filter((line) => line.includes('is lost')).length === 2, {
      what: 'both connections to be given up',
    });
    const late = follow(log, runId);
    server.process.kill('SIGCONT');
    // The first try may have arrived after all: then a repeat is refused, and the last entry says whose it is.
    const repeat = await persist(() => log.append(runId, output(1, 1, 'a')));
    expect(['appended', 'refused']).toContain(repeat);
    expect((await log.last(runId))?.at).toEqual({ attempt: 1, length: 1 });
    await persist(() => log.append(runId, output(1, 2, 'b')));
    await tail.reached(1, 2);
    await late.reached(1, 2);
    expect(tail.texts()).toEqual(['open', 'a', 'b']);
    expect(late.texts()).toEqual(['open', 'a', 'b']);
    expect(logger.errors).toHaveLength(2);
  });

  it('starts without Redis, and serves once it is there', async () => {
    await start();
    await server.kill();
    const began = performance.now();
    await connect();
    expect(performance.now() - began).toBeLessThan(2000);
    const tail = follow(log, runId);
    await expect(log.open(runId, 1)).rejects.toThrow(RunLogUnavailable);
    await start();
    expect(await persist(() => log.open(runId, 1))).toBe('appended');
    await tail.reached(1, 0);
  });

  it('closes at once while Redis is away or hangs', async () => {
    await start();
    await connect();
    follow(log, runId);
    server.process.kill('SIGSTOP');
    const began = performance.now();
    await log.close();
    expect(performance.now() - began).toBeLessThan(2500);
    server.process.kill('SIGCONT');
    await connect();
    follow(log, runId);
    await server.kill();
    await waitFor(() => logger.errors.length > 0, { what: 'the loss to be noticed' });
    await log.close();
    await expect(log.open(runId, 1)).rejects.toThrow(RunLogUnavailable);
  });

  it('says why where Redis takes no more', async () => {
    await start('--maxmemory', '100kb');
    await connect();
    const failure = log.open(runId, 1);
    await expect(failure).rejects.toThrow(RunLogUnavailable);
    await expect(failure).rejects.toHaveProperty('cause.message', expect.stringContaining('OOM'));
  });
});
