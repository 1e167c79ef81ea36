import { Redis } from 'ioredis';
import { afterAll, describe, inject } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { connectRedis } from '#platform/redis/connect-redis.ts';
import { BullQueue } from './bull-queue.ts';
import { queueContract } from './queue.contract.ts';
import type { QueueTools } from './run-job.ts';

const url = inject('redisUrl');

describe.skipIf(!url)('on a Redis that other tests use too', () => {
  const prefix = `lamplight-test-${process.pid}-${systemClock.now()}`;
  const open = (tools: QueueTools) =>
    new BullQueue(connectRedis(url ?? '', { role: 'queue', logger: tools.logger }), tools, { prefix });

  queueContract('BullQueue', { open, openBeside: (_queue, tools) => open(tools) });

  afterAll(async () => {
    const redis = new Redis(url ?? '');
    const keys = await redis.keys(`${prefix}:*`);
    if (keys.length > 0) await redis.del(...keys);
    await redis.quit();
  });
});
