import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { DependencyChecks } from './dependency-checks.ts';
import type { Logger } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { startOpsServer } from './ops-server.ts';

const logged: string[] = [];
const log = (message: string) => void logged.push(message);
const logger: Logger = { error: log, warn: log, info: log, debug: log };
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  logged.length = 0;
});

async function start(
  checks: DependencyChecks = {},
  { metrics: given, port = 0 }: { metrics?: Metrics; port?: number } = {},
) {
  const metrics = given ?? createMetrics({ service: 'api', version: '1' });
  const drain = new AbortController();
  stops.push(() => metrics.close());
  const options = { host: '127.0.0.1', port, metrics, checks, draining: drain.signal, logger };
  const server = await startOpsServer(options);
  stops.push(() => server.close());
  const get = async (path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };
  return { ...server, get, drain };
}

describe('startOpsServer', () => {
  it('is alive while its event loop turns, whatever it depends on', async () => {
    const { get } = await start({ store: () => Promise.reject(new Error('away')) });
    expect(await get('/livez')).toMatchObject({ status: 200, text: '{"status":"ok"}\n' });
  });

  it('is ready where all that it depends on is up', async () => {
    const { get } = await start({ store: async () => {}, queue: async () => 'PONG' });
    const { status, text } = await get('/readyz?verbose');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      status: 'ok',
      dependencies: { store: { status: 'up' }, queue: { status: 'up' } },
    });
  });

  it('stays ready where a dependency is down, and says which and why', async () => {
    const { get } = await start({
      store: async () => {},
      queue: () => Promise.reject(new Error('refused')),
      runLog: () => {
        throw new Error('closed');
      },
      broadcast: () => new Promise(() => {}),
    });
    const start_ = performance.now();
    const { status, text } = await get('/readyz');
    expect(performance.now() - start_).toBeLessThan(5000);
    expect([status, JSON.parse(text).status]).toEqual([200, 'degraded']);
    expect(JSON.parse(text).dependencies).toEqual({
      store: { status: 'up' },
      queue: { status: 'down', message: 'refused' },
      runLog: { status: 'down', message: 'closed' },
      broadcast: { status: 'down', message: 'no answer within 1000 ms' },
    });
  });

  it('is alive but not ready from the moment it drains', async () => {
    const { get, drain } = await start({ store: async () => {} });
    drain.abort();
    const { status, text } = await get('/readyz');
    expect([status, JSON.parse(text).status]).toEqual([503, 'draining']);
    expect((await get('/livez')).status).toBe(200);
  });

  it('shows the metrics as Prometheus reads them', async () => {
    const { get } = await start();
    const { status, type, text } = await get('/metrics');
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(text).toContain('lamplight_build_info{version="1",service="api"} 1');
  });

  it('answers 500 and logs where a page fails', async () => {
    const metrics = {
      ...createMetrics({ service: 'api', version: '1' }),
      expose: () => Promise.reject(new Error('broken')),
    };
    const { get } = await start({}, { metrics });
    expect(await get('/metrics')).toMatchObject({ status: 500 });
    expect(logged).toEqual(['A page of the ops server failed']);
  });

  it.each(['/', '/livez/', '/health', '/constructor', '/__proto__'])('has no page %s', async (path) => {
    const { get } = await start();
    expect((await get(path)).status).toBe(404);
  });

  it('takes GET and HEAD alone', async () => {
    const { get } = await start();
    expect((await get('/livez', 'HEAD')).status).toBe(200);
    expect((await get('/livez', 'POST')).status).toBe(405);
  });

  it('rejects where the port is taken', async () => {
    const { port } = await start();
    await expect(start({}, { port })).rejects.toThrow(/in use: set OPS_PORT/);
  });

  it('closes although scrapers keep their connections', async () => {
    const { port, close } = await start();
    const closed = new Promise((resolve) => {
      const socket = request({ port, host: '127.0.0.1', path: '/livez', headers: { connection: 'keep-alive' } });
      socket.on('socket', (connection) => connection.once('close', resolve));
      socket.on('response', (response) => response.resume().once('end', () => void close()));
      socket.end();
    });
    await closed;
    stops.pop();
  });
});
