import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { waitFor } from '#tests/servers/child.ts';
import { runLogKey } from './redis-entries.ts';
import { RedisRunLog } from './redis-run-log.ts';
import { testRunLog } from './run-log.contract.ts';
import { done, follow, listeningLogger, output } from './run-log.fixture.ts';

const url = inject('redisUrl');

describe.skipIf(!url)('RedisRunLog', () => {
  const redis = new Redis(url ?? '', { lazyConnect: true });
  afterAll(() => redis.disconnect());

  describe('as every run log', () => {
    testRunLog(async (logger) => ({
      log: await RedisRunLog.connect(url ?? '', { clock: systemClock, logger }),
      lose: async (runId) => {
        await redis.del(runLogKey(runId));
      },
    }));
  });

  const connect = (clock = systemClock) => RedisRunLog.connect(url ?? '', { clock, logger: listeningLogger() });

  it('follows 1,000 runs over one blocking connection', async () => {
    const log = await connect();
    const before = await redis.client('LIST');
    const runs = Array.from({ length: 1000 }, () => randomUUID());
    const tails = runs.map((runId) => follow(log, runId));
    await Promise.all(runs.map((runId) => log.open(runId, 1)));
    await Promise.all(runs.map((runId) => log.append(runId, output(1, 1, '.'))));
    await Promise.all(tails.map((tail) => tail.reached(1, 1)));
    const connections = (list: unknown) => String(list).match(/name=lamplight-/g)?.length;
    expect(connections(await redis.client('LIST'))).toBe(connections(before));
    await log.close();
  });

  it('never lets a log expire within ten minutes of an append', async () => {
    let skipped = 0;
    const log = await connect({ ...systemClock, monotonic: () => performance.now() + skipped });
    const runId = randomUUID();
    const remaining = () => redis.pttl(runLogKey(runId));
    await log.open(runId, 1);
    expect(await remaining()).toBeGreaterThan(10 * 60_000);
    // As if most of the time had gone by.
    await redis.pexpire(runLogKey(runId), 10 * 60_000);
    await log.append(runId, output(1, 1, '.'));
    skipped += 60_000;
    await log.append(runId, output(1, 2, '.'));
    expect(await remaining()).toBeGreaterThan(10 * 60_000 + 50_000);
    await log.append(runId, done(1, 2));
    expect(await remaining()).toBeLessThanOrEqual(60_000);
    expect(await log.open(runId, 2)).toBe('appended');
    expect(await remaining()).toBeGreaterThan(10 * 60_000);
    await log.close();
  });

  it('does not shorten the life of a log whose writer is fenced', async () => {
    const log = await connect();
    const runId = randomUUID();
    await log.open(runId, 1);
    await log.open(runId, 2);
    expect(await log.append(runId, done(1, 0))).toBe('refused');
    expect(await redis.pttl(runLogKey(runId))).toBeGreaterThan(10 * 60_000);
    await log.close();
  });

  it('passes over an entry that it does not know', async () => {
    const log = await connect();
    const runId = randomUUID();
    const tail = follow(log, runId);
    await log.open(runId, 1);
    await redis.xadd(runLogKey(runId), '1-1', 'newer', 'kind');
    await redis.xadd(runLogKey(runId), '1-2', '0:smell', 'of roses');
    await log.append(runId, output(1, 3, '.'));
    await tail.reached(1, 3);
    expect(tail.texts()).toEqual(['open', '.']);
    expect((await log.read(runId, undefined, 10)).entries).toHaveLength(2);
    await log.close();
  });

  it('tries again where Redis refuses to read, and says so', async () => {
    const logger = listeningLogger();
    const log = await RedisRunLog.connect(url ?? '', { clock: systemClock, logger });
    const runId = randomUUID();
    await redis.set(runLogKey(runId), 'not a stream', 'EX', 60);
    const tail = follow(log, runId);
    await waitFor(() => logger.errors.length > 0, { what: 'the refusal to be logged' });
    expect(logger.errors[0]).toMatch(/Redis refused/);
    await redis.del(runLogKey(runId));
    await log.open(runId, 1);
    await tail.reached(1, 0);
    await log.close();
  });
});
