import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from '#platform/telemetry/logger.ts';

/**
 * What a connection is for. `commands`: short commands that fail at once while Redis is away. `blocking`: one long read
 * after another. `subscriber`: broadcasts both ways. `queue`: BullMQ's, whose commands wait until Redis is back.
 */
export type RedisRole = 'commands' | 'blocking' | 'subscriber' | 'queue';

/** How long a blocking read waits for news. */
export const blockMs = 1000;

const longestPauseMs = 1000;

/** Commands that are lost with the connection are not sent again: whoever sent them knows better what to do. */
const failFast: RedisOptions = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
};

const byRole: Record<RedisRole, RedisOptions> = {
  // A server that hangs keeps its socket: after `socketTimeout` without a reply it is given up, so that commands never pile up.
  commands: { ...failFast, commandTimeout: 1000, socketTimeout: 2000 },
  blocking: { ...failFast, socketTimeout: blockMs + 1000 },
  subscriber: { ...failFast, commandTimeout: 1000, socketTimeout: 2000, autoResubscribe: false },
  queue: { maxRetriesPerRequest: null },
};

/**
 * A connection to Redis that comes back by itself. It starts to connect at once; its state is in the log, one line when it is
 * lost and one when it is there again. Only adapters that `open-*.ts` loads may import this: the library is slow to load.
 */
export function connectRedis(url: string, { role, logger }: { role: RedisRole; logger: Logger }): Redis {
  const redis = new Redis(url, {
    ...byRole[role],
    connectionName: `lamplight-${role}`,
    connectTimeout: 2000,
    retryStrategy: (attempt) => Math.min(25 * 2 ** attempt, longestPauseMs),
  });
  let lost = false;
  const lose = (error?: unknown) => {
    if (lost) return;
    lost = true;
    logger.error(`The connection to Redis for ${role} is lost; trying again until it is back.`, { error });
  };
  redis.on('error', lose);
  redis.on('reconnecting', () => lose());
  redis.on('ready', () => {
    if (lost) logger.info(`The connection to Redis for ${role} is back.`);
    lost = false;
  });
  return redis;
}

/** Resolves when the first attempt to connect is over, whichever way: a process starts without Redis, too. */
export function firstAttempt(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      for (const event of ends) redis.off(event, end);
      resolve();
    };
    const ends = ['ready', 'reconnecting', 'end'];
    for (const event of ends) redis.on(event, end);
  });
}

/** Ends the connection; commands under way fail. Resolves when it is closed. */
export function disconnectRedis(redis: Redis): Promise<void> {
  if (redis.status === 'end') return Promise.resolve();
  return new Promise((resolve) => {
    redis.once('end', () => resolve());
    redis.disconnect();
  });
}
