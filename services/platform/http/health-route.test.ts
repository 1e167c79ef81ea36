import { describe, expect, it } from 'vitest';
import { health } from '#contract/health.ts';
import { healthCheck } from './health-route.ts';

const about = { service: 'api', version: '1.2.3', draining: () => false };

describe('the health of a process', () => {
  it('is ok where all that it depends on answers', async () => {
    const found = await healthCheck({ ...about, pings: { store: async () => 1, queue: async () => undefined } })();
    expect(health.parse(found)).toEqual({
      status: 'ok',
      service: 'api',
      version: '1.2.3',
      dependencies: { store: { status: 'up' }, queue: { status: 'up' } },
    });
  });

  it('is degraded where one is down, throws or is silent, and tells nothing of its address', async () => {
    const found = await healthCheck({
      ...about,
      timeoutMs: 20,
      pings: {
        store: () => Promise.reject(new Error('mongodb://admin:hunter2@db refused')),
        queue: () => {
          throw new Error('hunter2');
        },
        models: () => new Promise(() => {}),
        blobs: async () => undefined,
      },
    })();
    expect(found).toMatchObject({
      status: 'degraded',
      dependencies: {
        store: { status: 'down', message: 'It cannot be reached.' },
        queue: { status: 'down' },
        models: { status: 'down', message: 'It cannot be reached.' },
        blobs: { status: 'up' },
      },
    });
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('is draining while the process stops', async () => {
    const found = await healthCheck({ ...about, draining: () => true, pings: {} })();
    expect(found.status).toBe('draining');
  });

  it('is asked of the dependencies once for all who ask together, and again after', async () => {
    let pings = 0;
    const check = healthCheck({ ...about, pings: { store: async () => ++pings } });
    await Promise.all([check(), check(), check()]);
    expect(pings).toBe(1);
    await check();
    expect(pings).toBe(2);
  });
});
