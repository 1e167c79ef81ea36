import { Redis } from 'ioredis';
import { afterAll, describe, inject } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { runLogKey } from './redis-entries.ts';
import { RedisRunLog } from './redis-run-log.ts';
import { testRunLog } from './run-log.contract.ts';

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
});
