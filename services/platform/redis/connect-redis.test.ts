import { describe, expect, inject, it } from 'vitest';
import type { Logger } from '#platform/telemetry/logger.ts';
import { freePort } from '#scripts/programs/free-port.ts';
import { waitFor } from '#tests/servers/child.ts';
import { startRedis } from '#tests/servers/programs.ts';
import { connectRedis, disconnectRedis, firstAttempt, type RedisRole, untilStatus } from './connect-redis.ts';

function listeningLogger() {
  const lines: string[] = [];
  const keep = (message: string) => {
    lines.push(message);
  };
  const logger: Logger = { error: keep, warn: keep, info: keep, debug: keep };
  return { logger, lines };
}

describe.skipIf(!inject('canStartRedis'))('connectRedis', () => {
  it('tells an outage in one line, however many attempts it takes, and its end in another', async () => {
    const port = await freePort();
    const { logger, lines } = listeningLogger();
    const redis = connectRedis(`redis://127.0.0.1:${port}`, { role: 'commands', logger });
    let attempts = 0;
    redis.on('reconnecting', () => {
      attempts += 1;
    });
    await firstAttempt(redis);
    await waitFor(() => attempts >= 4, { what: 'some attempts' });
    expect(lines).toEqual(['The connection to Redis for commands is lost; trying again until it is back.']);
    const server = await startRedis({ port });
    await untilStatus(redis, 'ready');
    await waitFor(() => lines.length === 2, { what: 'the second line' });
    expect(lines[1]).toBe('The connection to Redis for commands is back.');
    await disconnectRedis(redis);
    await disconnectRedis(redis);
    expect(redis.status).toBe('end');
    expect(lines).toHaveLength(2);
    await server?.kill();
  });

  it.each<RedisRole>(['commands', 'blocking', 'subscriber'])(
    'fails a command at once while Redis is away: %s',
    async (role) => {
      const redis = connectRedis(`redis://127.0.0.1:${await freePort()}`, { role, logger: listeningLogger().logger });
      await firstAttempt(redis);
      await expect(redis.ping()).rejects.toThrow();
      await disconnectRedis(redis);
    },
  );

  it('holds the commands of a queue until Redis is there', async () => {
    const port = await freePort();
    const redis = connectRedis(`redis://127.0.0.1:${port}`, { role: 'queue', logger: listeningLogger().logger });
    await firstAttempt(redis);
    const pong = redis.ping();
    const server = await startRedis({ port });
    expect(await pong).toBe('PONG');
    await disconnectRedis(redis);
    await server?.kill();
  });

  it('says once why Redis lets it not in, and goes on trying', async () => {
    const server = await startRedis({}, ['--requirepass', 'right']);
    const { port } = new URL(server?.url ?? '');
    const errors: unknown[] = [];
    const logger: Logger = { ...listeningLogger().logger, error: (_, fields) => errors.push(fields?.error) };
    const redis = connectRedis(`redis://:wrong@127.0.0.1:${port}`, { role: 'commands', logger });
    let attempts = 0;
    redis.on('reconnecting', () => {
      attempts += 1;
    });
    await waitFor(() => attempts >= 3, { what: 'some attempts' });
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('WRONGPASS') })]);
    await expect(redis.ping()).rejects.toThrow();
    await disconnectRedis(redis);
    await server?.kill();
  });
});
