import type { Clock } from '#platform/clock.ts';
import type { Config } from '#platform/config/config.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Queue } from './queue.ts';
import type { QueueMetrics } from './run-job.ts';

export interface OpenQueueTools {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: QueueMetrics | undefined;
}

/** Jobs within the process, or over Redis where the process has one. Does not wait for Redis: it may come later. */
export async function openQueue(storage: Config['storage'], tools: OpenQueueTools): Promise<Queue> {
  const all = { ...tools, random: Math.random };
  if (storage.kind === 'embedded') {
    const { LocalQueue } = await import('./local-queue.ts');
    return new LocalQueue(all);
  }
  const [{ BullQueue }, { connectRedis }] = await Promise.all([
    import('./bull-queue.ts'),
    import('#platform/redis/connect-redis.ts'),
  ]);
  return new BullQueue(connectRedis(storage.redisUrl, { role: 'queue', logger: tools.logger }), all);
}
