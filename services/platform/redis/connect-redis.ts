import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from '#platform/telemetry/logger.ts';

/**
 * What a connection is for. `commands`: short commands that fail at once while Redis is away. `blocking`: one long read
 * after another. `subscriber`: broadcasts both ways. `limits`: commands that somebody waits for, who goes on without them.
 * `queue`: BullMQ's, whose commands wait until Redis is back.
 */
export type RedisRole = 'commands' | 'blocking' | 'subscriber' | 'limits' | 'queue';

/** How long a blocking read waits for news. */
export const blockMs = 1000;

const longestPauseMs = 1000;

/** Commands that are lost with the connection are not sent again: whoever sent them knows better what to do. */
const failFast = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
};

const byRole: Record<RedisRole, Omit<RedisOptions, 'replyMapping'>> = {
  // A server that hangs keeps its socket: after `socketTimeout` without a reply it is given up, so that commands never pile up.
  commands: { ...failFast, commandTimeout: 1000, socketTimeout: 2000 },
  blocking: { ...failFast, socketTimeout: blockMs + 1000 },
  subscriber: { ...failFast, commandTimeout: 1000, socketTimeout: 2000, autoResubscribe: false },
  limits: { ...failFast, commandTimeout: 250, socketTimeout: 1000 },
  // Longer than BullMQ's longest blocking read, which is 10 s.
  queue: { maxRetriesPerRequest: null, socketTimeout: 12_000 },
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
    disconnectTimeout: 500,
    retryStrategy: (attempt) => Math.min(25 * 2 ** attempt, longestPauseMs),
  });
  let lost = false;
  const lose = (error: unknown) => {
    if (lost) return;
    lost = true;
    logger.error(`The connection to Redis for ${role} is lost; trying again until it is back.`, { error });
  };
  redis.on('error', lose);
  redis.on('reconnecting', () => lose(new Error('Redis closed the connection.')));
  redis.on('ready', () => {
    if (lost) logger.info(`The connection to Redis for ${role} is back.`);
    lost = false;
  });
  return redis;
}

/** Resolves as soon as the connection is in one of these states. */
export function untilStatus(redis: Redis, ...statuses: readonly Redis['status'][]): Promise<void> {
  if (statuses.includes(redis.status)) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      for (const status of statuses) redis.off(status, end);
      resolve();
    };
    for (const status of statuses) redis.on(status, end);
  });
}

/** Resolves when the first attempt to connect is over, whichever way: a process starts without Redis, too. */
export const firstAttempt = (redis: Redis): Promise<void> => untilStatus(redis, 'ready', 'reconnecting', 'end');

/** Ends the connection; commands under way fail. Resolves when it is closed. */
export function disconnectRedis(redis: Redis): Promise<void> {
  // While it waits for its next attempt there is no connection whose end could be told.
  const idle = redis.status === 'reconnecting' || redis.status === 'end';
  redis.disconnect();
  return idle ? Promise.resolve() : untilStatus(redis, 'end');
}

/**
 * Returns a function to call before a command: what is sent in one turn of the event loop leaves in one write, which halves
 * what many small commands cost Redis. The library's own way, automatic pipelines, would hold commands until the last lot is
 * answered, and not count that time.
 */
export function writeGatherer(redis: Redis): () => void {
  let gathering = false;
  return () => {
    if (gathering || redis.status !== 'ready') return;
    gathering = true;
    const { stream } = redis;
    stream.cork();
    setImmediate(() => {
      gathering = false;
      stream.uncork();
    });
  };
}
