import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chartFolder } from '#scripts/chart/paths.ts';
import { freePort } from '#scripts/programs/free-port.ts';
import type { LamplightProcess } from '#tests/servers/lamplight-process.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { runSmoke } from './run-smoke.fixture.ts';

const script = join(chartFolder, 'files/smoke.mjs');

describe('what helm test runs', () => {
  let lamplight: LamplightProcess;
  beforeAll(async () => {
    lamplight = await startStandalone();
  });
  afterAll(() => lamplight.stop());

  it('finds a Lamplight in order, up to a whole answer', async () => {
    const { code, output } = await runSmoke(script, { edgeUrl: lamplight.url, answer: true });
    expect(output).toMatch(
      /ok {2}health of release[\s\S]*ok {2}a guest[\s\S]*ok {2}an answer of \d+ characters, whole/,
    );
    expect(code).toBe(0);
  });

  it('asks for no answer where it may not', async () => {
    const { code, output } = await runSmoke(script, { edgeUrl: lamplight.url, answer: false });
    expect(output).toContain('no answer was asked for');
    expect(code).toBe(0);
  });

  it('comes as nobody where guests are switched off', async () => {
    const { code, output } = await runSmoke(script, { edgeUrl: await fakeEdge({ guests: false }), answer: true });
    expect(output).toMatch(/ok {2}the store is read, and nobody is let in unknown\n-- {2}guests are switched off/);
    expect(code).toBe(0);
  });

  it('fails where nobody listens, and says so', async () => {
    const edgeUrl = `http://127.0.0.1:${await freePort()}`;
    const { code, output } = await runSmoke(script, { edgeUrl, answer: false });
    expect(output).toMatch(/FAILED {2}GET \/health gave .*ECONNREFUSED/);
    expect(code).toBe(1);
  });

  it.each([
    ['a dependency is down', { health: { status: 'degraded', version: '1', dependencies: {} } }, '/health says'],
    ['the page is another one', { page: 'Welcome to nginx!' }, 'The page at / is not the web app.'],
    ['somebody unknown is let in', { guests: false, stranger: 200 }, 'POST /api/auth/token gave 200'],
    ['the metrics are to be had', { metrics: 200 }, 'GET /metrics gave 200'],
    ['an answer fails', { answer: 'event: error\ndata: {"code":"internal"}\n\n' }, 'The answer ended with'],
    [
      'an answer is cut short',
      { answer: 'event: delta\ndata: {"text":"a"}\n\nevent: done\ndata: {"message":{"status":"interrupted"}}\n\n' },
      'The answer is interrupted, not complete.',
    ],
  ])('fails where %s', async (_, replies, says) => {
    const edgeUrl = await fakeEdge(replies);
    const { code, output } = await runSmoke(script, { edgeUrl, answer: true });
    expect(output).toContain(says);
    expect(code).toBe(1);
  });
});

interface Replies {
  readonly health?: object;
  readonly page?: string;
  readonly metrics?: number;
  readonly answer?: string;
  readonly guests?: boolean;
  /** The status of a sign-in that nobody has. */
  readonly stranger?: number;
}

/** An edge of which all is in order but what `replies` says. */
async function fakeEdge(replies: Replies) {
  const { health, page = '<script src="/a.js"></script>', metrics = 404, answer = '', guests = true } = replies;
  const routes: Readonly<Record<string, readonly [number, string]>> = {
    '/health': [200, JSON.stringify(health ?? { status: 'ok', version: '1', dependencies: {} })],
    '/': [200, page],
    '/metrics': [metrics, ''],
    '/api/auth/options': [200, JSON.stringify({ guests, registration: 'closed' })],
    '/api/auth/token': [replies.stranger ?? 401, '{}'],
    '/api/auth/guest': [guests ? 201 : 403, JSON.stringify({ access_token: 'a' })],
    '/api/conversations': [200, '{}'],
    '/api/chat/send': [200, answer],
  };
  const server = createServer((request, response) => {
    const [status, text] = routes[request.url ?? ''] ?? [500, ''];
    response.writeHead(status, { connection: 'close' }).end(text);
  }).listen(0, '127.0.0.1');
  server.unref();
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
