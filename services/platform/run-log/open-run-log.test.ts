import { describe, expect, inject, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { LocalRunLog } from './local-run-log.ts';
import { openRunLog } from './open-run-log.ts';
import { RedisRunLog } from './redis-run-log.ts';
import { listeningLogger } from './run-log.fixture.ts';

const options = { clock: systemClock, logger: listeningLogger() };
const redisUrl = inject('redisUrl');

describe('openRunLog', () => {
  it('stays within the process where storage is embedded', async () => {
    const log = await openRunLog({ kind: 'embedded', dataDir: '/nowhere' }, options);
    expect(log).toBeInstanceOf(LocalRunLog);
    await log.close();
  });

  it.skipIf(!redisUrl)('takes Redis where there are servers, connected when it is given', async () => {
    const log = await openRunLog(
      { kind: 'servers', mongodbUri: 'mongodb://127.0.0.1', redisUrl: redisUrl ?? '' },
      options,
    );
    expect(log).toBeInstanceOf(RedisRunLog);
    await log.ping();
    await log.close();
  });
});
