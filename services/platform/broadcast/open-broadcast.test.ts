import { describe, expect, inject, it } from 'vitest';
import { listeningLogger } from './broadcast.contract.ts';
import { LocalBroadcast } from './local-broadcast.ts';
import { openBroadcast } from './open-broadcast.ts';
import { RedisBroadcast } from './redis-broadcast.ts';

const options = { logger: listeningLogger() };
const redisUrl = inject('redisUrl');

describe('openBroadcast', () => {
  it('stays within the process where storage is embedded', async () => {
    const broadcast = await openBroadcast({ kind: 'embedded', dataDir: '/nowhere' }, options);
    expect(broadcast).toBeInstanceOf(LocalBroadcast);
    await broadcast.close();
  });

  it.skipIf(!redisUrl)('takes Redis where there are servers, connected when it is given', async () => {
    const broadcast = await openBroadcast(
      { kind: 'servers', mongodbUri: 'mongodb://127.0.0.1', redisUrl: redisUrl ?? '' },
      options,
    );
    expect(broadcast).toBeInstanceOf(RedisBroadcast);
    await broadcast.ping();
    await broadcast.close();
  });
});
