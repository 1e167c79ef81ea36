// Takes a job and holds it for ever, for tests that end such a process: hold-job.fixture.ts <redis url> <queue> <settings>
import { z } from 'zod';
import { systemClock } from '#platform/clock.ts';
import { connectRedis } from '#platform/redis/connect-redis.ts';
import { BullQueue } from './bull-queue.ts';

const [, , url = '', name = '', settings = ''] = process.argv;
const ignore = () => {};
const logger = { error: console.error, warn: ignore, info: ignore, debug: ignore };
const redis = connectRedis(url, { role: 'queue', logger });
const tools = { clock: systemClock, logger, random: Math.random };
const queue = new BullQueue(redis, tools, JSON.parse(settings));
queue.consume({ name, data: z.unknown() }, { concurrency: 1 }, (job) => {
  console.log(`holding ${job.id}`);
  return new Promise<void>(() => {});
});
