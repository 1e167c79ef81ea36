import { describe, expect, inject, it } from 'vitest';
import { startRedis } from './programs.ts';

describe.skipIf(!inject('canStartRedis'))('startRedis', () => {
  it('serves until it is killed, and says where', async () => {
    const server = await startRedis();
    expect(server?.url).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
    await server?.kill();
    expect(server?.process.signalCode).toBe('SIGKILL');
  });
});
