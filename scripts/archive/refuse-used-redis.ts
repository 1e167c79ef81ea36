import { connectRedis, disconnectRedis, firstAttempt } from '#platform/redis/connect-redis.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { ArchiveError } from './format.ts';

/** Everything of Lamplight's in Redis begins so. */
const ours = 'lamplight:*';

/**
 * Jobs and run logs of another life of the same answers would be taken for those of this one. Throws where there are any, and where
 * Redis cannot be reached.
 */
export async function refuseUsedRedis(url: string, { logger }: { logger: Logger }): Promise<void> {
  const redis = connectRedis(url, { role: 'commands', logger });
  try {
    await firstAttempt(redis);
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', ours, 'COUNT', 1_000);
      if (keys.length > 0) {
        throw new ArchiveError(
          `A restore needs an empty Redis, but this one holds keys of Lamplight, such as ${keys[0]}. Stop every process of ` +
            'Lamplight and empty it (FLUSHDB). Nothing was changed.',
        );
      }
      cursor = next;
    } while (cursor !== '0');
  } finally {
    await disconnectRedis(redis);
  }
}
