import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import supertest from 'supertest';
import { beforeAll, describe, expect, it } from 'vitest';
import { serveWebApp } from '#platform/http/static-files.ts';
import { createTestApp } from '#platform/http/test-app.ts';
import { compressFiles } from './compress-files.mjs';

const script = `console.log('${'word '.repeat(500)}');`;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamplight-compress-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), `<!doctype html>${'<p>text</p>'.repeat(200)}`);
  await writeFile(join(folder, 'small.svg'), '<svg></svg>'.repeat(20));
  await writeFile(join(folder, 'assets/app-1.js'), script);
  await writeFile(join(folder, 'assets/font-1.woff2'), randomBytes(5000));
  await writeFile(join(folder, 'assets/noise.txt'), randomBytes(5000));
  await compressFiles(folder);
});

describe('compressFiles', () => {
  it('puts both variants beside what gains by it, and nothing beside anything else', async () => {
    expect((await readdir(folder, { recursive: true })).sort()).toEqual([
      'assets',
      'assets/app-1.js',
      'assets/app-1.js.br',
      'assets/app-1.js.gz',
      'assets/font-1.woff2',
      'assets/noise.txt',
      'index.html',
      'index.html.br',
      'index.html.gz',
      'small.svg',
    ]);
  });

  it('holds the same content', async () => {
    expect(brotliDecompressSync(await readFile(join(folder, 'assets/app-1.js.br'))).toString()).toBe(script);
    expect(gunzipSync(await readFile(join(folder, 'assets/app-1.js.gz'))).toString()).toBe(script);
  });
});

describe('the server of the web app', () => {
  it.each([
    ['br, gzip', '.br', 'br'],
    ['gzip', '.gz', 'gzip'],
    ['identity', '', undefined],
  ])('sends to a browser that takes %s what lies there', async (accepted, ending, encoding) => {
    const app = createTestApp();
    serveWebApp(app.express, folder);
    app.finish();
    const { headers } = await supertest(app.express)
      .get('/assets/app-1.js')
      .set('Accept-Encoding', accepted)
      .expect(200);
    const { length } = await readFile(join(folder, `assets/app-1.js${ending}`));
    expect(headers['content-length']).toBe(String(length));
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
  });
});
