import { describe, expect, inject, it } from 'vitest';
import { isReady } from './lamplight-process.ts';
import { startRedis } from './programs.ts';
import { startSplit, startStandalone } from './start-lamplight.ts';

describe('startStandalone', () => {
  it('serves until it is stopped, and again with the same data when it is started again', async () => {
    const lamplight = await startStandalone();
    try {
      const guest = await fetch(`${lamplight.url}/api/auth/guest`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"name":"Ada"}',
      });
      const reply = await guest.json();
      const token = typeof reply === 'object' && reply && 'access_token' in reply ? reply.access_token : '';
      await lamplight.kill();
      expect(lamplight.process.signalCode).toBe('SIGKILL');

      await lamplight.start();
      const me = await fetch(`${lamplight.url}/api/me`, { headers: { authorization: `Bearer ${token}` } });
      expect(await me.json()).toMatchObject({ name: 'Ada' });
    } finally {
      await lamplight.stop();
    }
    expect(lamplight.process.exitCode).toBe(0);
    expect(await isReady(lamplight.opsUrl)).toBe(false);
  });

  it('says why where the process ends before it is ready', async () => {
    await expect(startStandalone({ env: { LOG_LEVEL: 'loud' } })).rejects.toThrow(/LOG_LEVEL/);
  });
});

describe.skipIf(!inject('canStartRedis') || !inject('mongodbUri'))('startSplit', () => {
  it('migrates, and runs each service as its own process', async () => {
    // One of its own: a worker takes the jobs of whoever shares its Redis.
    const redis = await startRedis();
    const lamplight = await startSplit({
      mongodbUri: `${inject('mongodbUri')}start-lamplight-${Date.now()}`,
      redisUrl: redis?.url ?? '',
    });
    try {
      expect(lamplight.processes.map(({ name }) => name)).toEqual(['api-1', 'realtime-1', 'worker-1', 'scheduler-1']);
      for (const { opsUrl } of lamplight.processes) expect(await isReady(opsUrl)).toBe(true);
    } finally {
      await lamplight.stop();
      await redis?.stop();
    }
    for (const { process } of lamplight.processes) expect(process.exitCode).toBe(0);
  });
});
