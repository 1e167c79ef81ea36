import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach } from 'vitest';
import { connectRedis } from '#platform/redis/connect-redis.ts';
import { freePort } from '#scripts/programs/free-port.ts';
import type { TestServer } from '#tests/servers/child.ts';
import { startRedis } from '#tests/servers/programs.ts';
import type { BullSettings } from './bull-consumer.ts';
import { BullQueue } from './bull-queue.ts';
import { recordingTools, workQueue } from './queue-testing.ts';

export interface Place {
  readonly port: number;
  readonly dir: string;
}

export const newPlace = async (): Promise<Place> => ({
  port: await freePort(),
  dir: await mkdtemp(join(tmpdir(), 'lamplight-queue-')),
});

/** For tests that end Redis: servers that keep every write, and queues on them, all ended after each test. */
export function privateRedis() {
  const queues: BullQueue[] = [];
  const servers: TestServer[] = [];
  afterEach(async () => {
    await Promise.all(queues.splice(0).map((queue) => queue.close()));
    await Promise.all(servers.splice(0).map((server) => server.kill()));
  });
  return {
    async start(place: Place): Promise<TestServer> {
      const server = await startRedis(place, ['--appendonly', 'yes', '--appendfsync', 'always']);
      if (!server) throw new Error('No redis-server.');
      servers.push(server);
      return server;
    },
    open(port: number, settings: Partial<BullSettings> = {}) {
      const recorded = recordingTools();
      const redis = connectRedis(`redis://127.0.0.1:${port}`, { role: 'queue', logger: recorded.tools.logger });
      const queue = new BullQueue(redis, recorded.tools, settings);
      queues.push(queue);
      return { ...recorded, queue, spec: workQueue() };
    },
    async admin<T>(port: number, work: (redis: Redis) => Promise<T>): Promise<T> {
      const redis = new Redis(port, '127.0.0.1');
      try {
        return await work(redis);
      } finally {
        redis.disconnect();
      }
    },
  };
}
