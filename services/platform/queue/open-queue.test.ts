import { describe, expect, inject, it } from 'vitest';
import { freePort } from '#scripts/programs/free-port.ts';
import { BullQueue } from './bull-queue.ts';
import { LocalQueue } from './local-queue.ts';
import { openQueue } from './open-queue.ts';
import { recordingTools } from './queue-testing.ts';

describe('openQueue', () => {
  it('runs jobs within the process where that is all there is', async () => {
    const queue = await openQueue({ kind: 'embedded', dataDir: '/nowhere' }, recordingTools().tools);
    expect(queue).toBeInstanceOf(LocalQueue);
    await queue.close();
  });

  const redisUrl = inject('redisUrl');
  it.skipIf(!redisUrl)('shares jobs over Redis where there is one', async () => {
    const storage = { kind: 'servers', mongodbUri: '', redisUrl: redisUrl ?? '' } as const;
    const queue = await openQueue(storage, recordingTools().tools);
    expect(queue).toBeInstanceOf(BullQueue);
    await queue.ping();
    await queue.close();
  });

  it('opens where Redis is away, and says so in the log', async () => {
    const { tools, lines } = recordingTools();
    const redisUrl = `redis://127.0.0.1:${await freePort()}`;
    const queue = await openQueue({ kind: 'servers', mongodbUri: '', redisUrl }, tools);
    await expect(queue.ping()).rejects.toThrow('did not answer');
    await queue.close();
    expect(lines.map(({ level }) => level)).toEqual(['error']);
  });
});
