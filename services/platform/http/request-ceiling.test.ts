import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { errorResponse } from '#contract/errors.ts';
import { Freezable, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { waitFor } from '#tests/servers/child.ts';
import { requestCeiling } from './request-ceiling.ts';
import { createTestApp, type TestApp } from './test-app.ts';

/** An app with a ceiling, whose `/wait` answers when it is told to. */
async function openApp(max: number) {
  const time = new VirtualTime();
  const refusals: string[] = [];
  const logged: TestApp['lines'] = [];
  const log = (message: string, fields = {}) =>
    void logged.push({ level: 'warn', message, fields, traceId: undefined });
  const app = createTestApp({
    ceiling: requestCeiling({
      max,
      clock: new Freezable(time).clock(0),
      logger: { error: log, warn: log, info: log, debug: log },
      metrics: { limitRefusals: { inc: ({ policy }) => void refusals.push(policy) } },
    }),
  });
  const waiting: Array<() => void> = [];
  app.express.get('/wait', (_req, res) => void waiting.push(() => res.send('waited')));
  app.express.get('/now', (_req, res) => void res.send('now'));
  app.express.get('/health', (_req, res) => void res.send('well'));
  app.finish();
  const server = await app.start();
  const get = (path: string) => fetch(server.url + path);
  return { app, server, get, waiting, refusals, logged, time };
}

describe('the ceiling of requests', () => {
  it('turns away what comes beyond it, lets go on what is under way, and serves again', async () => {
    const { app, server, get, waiting, refusals } = await openApp(2);
    const held = [get('/wait'), get('/wait')];
    await waitFor(() => waiting.length === 2, { what: 'both requests to be under way' });
    const began = performance.now();
    const refused = await get('/now');
    expect(performance.now() - began).toBeLessThan(50);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    expect(refused.headers.get('content-type')).toContain('application/json');
    const { error } = errorResponse.parse(await refused.json());
    expect(error).toMatchObject({ code: 'too_busy', retryAfter: 2, traceId: refused.headers.get('x-trace-id') });
    expect((await get('/health')).status).toBe(200);
    expect(refusals).toEqual(['max_requests']);

    waiting[0]?.();
    expect(await (await held[0])?.text()).toBe('waited');
    await waitFor(async () => (await get('/now')).status === 200, { what: 'room' });
    waiting[1]?.();
    expect(await (await held[1])?.text()).toBe('waited');
    const line = app.lines.find(({ fields }) => fields['http.response.status_code'] === 503);
    expect(line?.level).toBe('debug');
    await server.stop();
  });

  it('has room again where a client went away', async () => {
    const { server, get, waiting } = await openApp(1);
    const gone = request(`${server.url}/wait`).on('error', () => {});
    gone.end();
    await waitFor(() => waiting.length === 1, { what: 'the request to be under way' });
    expect((await get('/now')).status).toBe(503);
    gone.destroy();
    await waitFor(async () => (await get('/now')).status === 200, { what: 'room' });
    await server.stop();
  });

  it('says so once for many, with their number', async () => {
    const { server, get, waiting, logged, time } = await openApp(1);
    const reply = get('/wait');
    await waitFor(() => waiting.length === 1, { what: 'the request to be under way' });
    await Promise.all(Array.from({ length: 20 }, () => get('/now')));
    expect(logged.map(({ fields }) => fields['lamplight.count'])).toEqual([1]);
    await time.advance(10_000);
    await get('/now');
    expect(logged.map(({ fields }) => fields['lamplight.count'])).toEqual([1, 20]);
    waiting[0]?.();
    await reply;
    await server.stop();
  });
});
