import { Redis } from 'ioredis';
import { describe, expect, inject, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { RedisHolds } from './redis-holds.ts';

const url = inject('redisUrl') ?? '';

describe.skipIf(!url)('RedisHolds', () => {
  it('renews what a crowd holds well within its lease, however far away Redis is', async () => {
    const redis = new Redis(url);
    const { eval: evaluate } = redis;
    const renewed = new Set<unknown>();
    redis.eval = (async (...args: Parameters<typeof evaluate>) => {
      renewed.add(args[2]);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return evaluate.apply(redis, args);
    }) as typeof evaluate;
    const prefix = `test-${crypto.randomUUID()}`;
    const people = 1_000;
    const fail = (error: unknown) => expect.unreachable(String(error));
    const holds = new RedisHolds(redis, prefix, { renewMs: 500, onAnswer: () => {}, onFailure: fail });
    await Promise.all(Array.from({ length: people }, (_, at) => holds.take(`p${at}`, 1)));
    renewed.clear();
    const began = performance.now();
    await waitFor(() => renewed.size === people, { what: 'all to be renewed' });
    expect(performance.now() - began).toBeLessThan(5_000);
    await holds.close();
    redis.disconnect();
  });
});
