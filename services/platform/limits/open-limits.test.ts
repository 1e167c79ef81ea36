import { describe, expect, inject, it } from 'vitest';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { LocalLimits } from './local-limits.ts';
import { openLimits } from './open-limits.ts';
import { RedisLimits } from './redis-limits.ts';

describe('openLimits', () => {
  it('counts in the process without servers', async () => {
    const limits = await openLimits({ kind: 'embedded', dataDir: '' }, collectingLogger());
    expect(limits).toBeInstanceOf(LocalLimits);
    await limits.close();
  });

  it.skipIf(!inject('redisUrl'))('counts in Redis with servers', async () => {
    const redisUrl = inject('redisUrl') ?? '';
    const limits = await openLimits({ kind: 'servers', mongodbUri: '', redisUrl }, collectingLogger());
    expect(limits).toBeInstanceOf(RedisLimits);
    await limits.close();
  });
});
