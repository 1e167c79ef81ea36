import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#contract/routes.ts';
import { waitFor } from '#tests/servers/child.ts';
import { serveWebApp } from './static-files.ts';
import { createTestApp } from './test-app.ts';

const script = 'console.log("Lamplight")\n'.repeat(50);
const html = '<!doctype html><title>Lamplight</title>';
const forever = 'public, max-age=31536000, immutable';
const navigation = 'text/html,application/xhtml+xml,*/*;q=0.8';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamplight-web-'));
  const dist = join(folder, 'dist');
  await mkdir(join(dist, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'hunter2');
  await writeFile(join(dist, 'index.html'), html);
  await writeFile(join(dist, 'favicon.svg'), '<svg/>');
  await writeFile(join(dist, 'sw.js'), script);
  await writeFile(join(dist, 'sw.js.br'), brotliCompressSync(script));
  await writeFile(join(dist, 'manifest.webmanifest'), '{"name":"Lamplight"}');
  await writeFile(join(dist, '.env'), 'hunter2');
  await writeFile(join(dist, 'assets/app-1a2b.js'), script);
  await writeFile(join(dist, 'assets/app-1a2b.js.br'), brotliCompressSync(script));
  await writeFile(join(dist, 'assets/app-1a2b.js.gz'), gzipSync(script));
});
afterAll(() => rm(folder, { recursive: true }));

function webApp(dist = join(folder, 'dist')) {
  const app = createTestApp();
  app.mount(routes.health, () => ({ status: 'ok', service: 's', version: '1', dependencies: {} }) as const);
  serveWebApp(app.express, dist);
  app.finish();
  return app;
}
const get = (path: string, headers: Record<string, string> = {}) =>
  supertest(webApp().express)
    .get(path)
    .set({ 'Accept-Encoding': 'identity', ...headers });

describe('a file with a hash in its name', () => {
  it.each([
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', undefined],
  ])('comes as the browser takes it (%s), for a year', async (accepted, encoding) => {
    const { headers, text } = await get('/assets/app-1a2b.js', { 'Accept-Encoding': accepted }).expect(200);
    expect(headers).toMatchObject({ 'cache-control': forever, 'content-type': 'text/javascript; charset=utf-8' });
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers['vary']).toContain('Accept-Encoding');
    if (encoding !== 'br') expect(text).toBe(script);
  });

  it('is not answered with a page where it is gone', async () => {
    const { body } = await get('/assets/app-0000.js', { Accept: navigation }).expect(404);
    expect(body.error.code).toBe('not_found');
  });
});

describe('a page', () => {
  it.each(['/', '/c/some-conversation', '/stories/5?x=1', '/apiary'])(
    'is index.html at %s, asked for each time',
    async (path) => {
      const { headers, text } = await get(path, { Accept: navigation }).expect(200);
      expect(text).toBe(html);
      expect(headers['cache-control']).toBe('no-cache');
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(headers['x-trace-id']).toBeDefined();
      expect(headers).not.toHaveProperty('x-robots-tag');
    },
  );

  it.each(['/story', '/story/', '/story?x=1', '/unsubscribe'])(
    'that a link with a secret opens (%s) is listed by nobody and kept nowhere',
    async (path) => {
      const { headers, text } = await get(path, { Accept: navigation }).expect(200);
      expect(text).toBe(html);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex, nofollow',
        'referrer-policy': 'no-referrer',
      });
    },
  );

  it('is confirmed without its body where the browser has it', async () => {
    const { headers } = await get('/').expect(200);
    await get('/', { 'If-None-Match': String(headers['etag']) }).expect(304);
  });

  it.each(['/api/nope', '/ws', '/docs/nope', '/api'])('is never the answer to %s', async (path) => {
    const { body } = await get(path, { Accept: navigation }).expect(404);
    expect(body.error.code).toBe('not_found');
  });

  it('is not the answer to what asks for no page, or sends something', async () => {
    await get('/nope.png', { Accept: 'image/*' }).expect(404);
    await supertest(webApp().express).post('/').set('Accept', navigation).expect(404);
  });

  it('says so where it was not built, and leaves the API alone', async () => {
    const app = webApp(join(folder, 'nowhere'));
    const { headers, text } = await supertest(app.express).get('/').set('Accept', navigation).expect(503);
    expect(headers['content-type']).toContain('text/html');
    expect(text).toContain('not built yet');
    await supertest(app.express).get('/health').expect(200);
  });
});

it.each([
  ['/favicon.svg', 'image/svg+xml'],
  ['/sw.js', 'text/javascript; charset=utf-8'],
  ['/manifest.webmanifest', 'application/manifest+json; charset=utf-8'],
])('serves %s by its type, asked for each time', async (path, type) => {
  for (const accepted of ['identity', 'br']) {
    const { headers } = await get(path, { 'Accept-Encoding': accepted }).expect(200);
    expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': type });
    expect(headers['content-security-policy']).toContain("worker-src 'self';manifest-src 'self'");
  }
});

it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/..%5c..%5csecret.txt', '/.env', '/%00'])(
  'keeps to its folder: %s',
  async (path) => {
    const { text, status } = await get(path);
    expect(text).not.toContain('hunter2');
    expect(status).toBe(404);
  },
);

it('logs files at debug and measures them as one route', async () => {
  const app = webApp();
  await supertest(app.express).get('/favicon.svg').expect(200);
  await supertest(app.express).get('/nope.png').expect(404);
  await waitFor(() => app.lines.length === 2);
  expect(app.lines.map(({ level }) => level)).toEqual(['debug', 'info']);
  expect(app.observations.map(({ route }) => route)).toEqual(['/*', 'unmatched']);
});
