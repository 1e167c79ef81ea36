import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Window } from 'happy-dom';
import { createProxyServer } from 'http-proxy-3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { waitFor } from '#tests/servers/child.ts';
import type { LamplightProcess } from '#tests/servers/lamplight-process.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { type LoadResult, startLoad, startMeddler } from './load.fixture.ts';

type Stored = Record<string, unknown>;

const { k6 = '' } = inject('programs');
const short = ['--scripted', '--tokens', '60', '--think', '100ms', '--turns', '3', '--progress', '1'];

/** The failed checks of a JUnit file, by the rules of XML. */
function failuresIn(junit: string | undefined): string[] {
  const document = new new Window().DOMParser().parseFromString(junit ?? '', 'application/xml');
  expect(document.querySelector('parsererror')).toBe(null);
  expect(document.querySelectorAll('testcase').length).toBe(
    Number(document.querySelector('testsuite')?.getAttribute('tests')),
  );
  return [...document.querySelectorAll('testcase')]
    .filter((testcase) => testcase.querySelector('failure'))
    .map((testcase) => testcase.getAttribute('name') ?? '');
}

const failedChecks = ({ summary }: LoadResult): string[] =>
  summary?.checks.filter(({ passed }) => !passed).map(({ name }) => name.replace(/:.*/, '')) ?? [];

describe.skipIf(!k6)('a load test of a real Lamplight', { timeout: 60_000 }, () => {
  let model: ModelServer;
  let lamplight: LamplightProcess;
  const load = async (...args: string[]) => (await startLoad(k6, ['smoke', ...short, ...args])).ended;
  const standalone = (modelUrl: string) =>
    startStandalone({
      env: { OPENAI_BASE_URL: modelUrl, OPENAI_MODEL: 'scripted', SHUTDOWN_GRACE_SECONDS: '0', LOG_LEVEL: 'warn' },
    });

  beforeAll(async () => {
    model = await startModelServer();
    lamplight = await standalone(model.url);
  });
  afterAll(async () => {
    await lamplight?.stop();
    await model?.close();
  });

  it('passes where every answer arrives to the character, cut connections included', async () => {
    const result = await load('--url', lamplight.url, '--duration', '4s');
    expect(result.said).toContain('PASSED');
    expect(result.code).toBe(0);
    const { counts, milliseconds } = result.summary ?? {};
    expect(counts?.started).toBeGreaterThan(6);
    expect(counts).toMatchObject({ completed: counts?.started, exact: counts?.started, mismatches: 0, lost: 0 });
    expect(counts?.resumed).toBeGreaterThan(1);
    expect(counts?.cuts).toBe(counts?.resumed);
    for (const times of [milliseconds?.firstToken, milliseconds?.firstByte, milliseconds?.gap])
      expect(times?.median).toBeGreaterThan(0);
    expect(failuresIn(result.junit)).toEqual([]);
  });

  it('goes on with other tokens before they expire, so that nobody is signed out in a long test', async () => {
    // Tokens live as long as the server says: here it seems to say two seconds.
    const life = /"expires_in":\d{3}\b/;
    const meddler = await startMeddler(Number(new URL(lamplight.url).port), (said) =>
      said.replace(life, '"expires_in":  2'),
    );
    const url = `http://127.0.0.1:${meddler.port}`;
    const result = await load(
      '--url',
      url,
      '--people',
      '2',
      '--turns',
      '12',
      '--duration',
      '4s',
      '--cuts',
      '0',
      '--resumed',
      '0',
    );
    await meddler.close();
    expect(result.summary?.checks.filter(({ passed }) => !passed)).toEqual([]);
    const { counts } = result.summary ?? {};
    expect(counts?.signedOut).toBe(0);
    expect(counts?.exact).toBe(counts?.started);
    // Each guest, and each renewal, is told of a life.
    expect(meddler.changes()).toBeGreaterThan((counts?.visits ?? 0) + 1);
  });

  it('counts what it sees while servers are ended and started, and goes on until it is called off', async () => {
    const run = await startLoad(k6, ['smoke', ...short, '--url', lamplight.url, '--until-signal', '--cuts', '0']);
    const open = () => model.calls().filter(({ state, tokensSent }) => state === 'open' && tokensSent > 5).length;
    await waitFor(() => open() >= 3, { what: 'answers under way' });
    await lamplight.kill();
    await lamplight.start();
    await waitFor(() => /completed [1-9]\d/.test(run.said()), { what: 'further answers', timeoutMs: 15_000 });
    run.interrupt();
    const result = await run.ended;
    const { counts } = result.summary ?? {};
    expect(failedChecks(result)).toEqual([]);
    expect(counts).toMatchObject({ completed: counts?.started, exact: counts?.started, signedOut: 0, cuts: 0 });
    expect(counts?.reconnects).toBeGreaterThanOrEqual(3);
    expect(counts?.resumed).toBeGreaterThanOrEqual(3);
    expect(result.code).toBe(0);
  });

  it('ends soon after it is called off, however long people think', async () => {
    const run = await startLoad(k6, ['smoke', ...short, '--url', lamplight.url, '--until-signal', '--think', '10m']);
    await waitFor(() => /completed [3-9]/.test(run.said()), { what: 'answers', timeoutMs: 15_000 });
    const from = performance.now();
    run.interrupt();
    const { code, summary } = await run.ended;
    expect(performance.now() - from).toBeLessThan(15_000);
    expect(summary?.counts).toMatchObject({ completed: summary?.counts.started, exact: summary?.counts.started });
    expect(code).toBe(0);
  });

  it('trusts the authority that it is given, at an address that no server of names knows, and no other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lamplight-load-tls-'));
    const [key, cert] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
    const names = ['-subj', '/CN=chat.lamplight.test', '-addext', 'subjectAltName=DNS:chat.lamplight.test'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    await promisify(execFile)('openssl', ['req', '-x509', ...kind, ...names, '-keyout', key, '-out', cert]);
    const proxy = createProxyServer({ target: lamplight.url });
    const server = createServer({ key: await readFile(key), cert: await readFile(cert) }, (request, response) =>
      proxy.web(request, response),
    );
    server.on('upgrade', (request, socket, head) => proxy.ws(request, socket, head));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const where = ['--url', `https://chat.lamplight.test:${port}`, '--resolve', 'chat.lamplight.test=127.0.0.1'];
    const [trusted, careless, strict] = await Promise.all([
      load(...where, '--duration', '2s', '--ca', cert),
      load(...where, '--duration', '2s', '--insecure'),
      load(...where, '--duration', '2s'),
    ]);
    server.close();
    server.closeAllConnections();
    expect([failedChecks(trusted), failedChecks(careless)]).toEqual([[], []]);
    expect([trusted.code, careless.code, strict.code]).toEqual([0, 0, 1]);
    expect(strict.said).toMatch(/Nobody answers at .*unknown authority/);
  });

  it('fails where one letter of what is received differs from what is stored', async () => {
    let pending = true;
    const letter = /(event: delta\r?\ndata: \{"text":"|"type":"delta"[^}]*"text":")([a-y])/;
    const meddler = await startMeddler(Number(new URL(lamplight.url).port), (said) => {
      if (!pending || !letter.test(said)) return said;
      pending = false;
      return said.replace(letter, '$1z');
    });
    const result = await load('--url', `http://127.0.0.1:${meddler.port}`, '--duration', '2s');
    expect(meddler.changes()).toBe(1);
    await meddler.close();
    expect(result.summary?.counts.mismatches).toBe(1);
    expect(failedChecks(result)).toEqual(['text_mismatch']);
    expect(failuresIn(result.junit)).toEqual(['text_mismatch: count<1']);
    expect(result.said).toMatch(/mismatch: run \S+: .*units received/);
    expect(result.code).toBe(1);
  });

  it.each([
    [
      'an answer too many',
      'duplicates',
      (items: Stored[]) => [...items, { ...items[0], role: 'assistant', id: 'other' }],
    ],
    ['an answer that is not stored', 'not_compared', (items: Stored[]) => items.slice(1)],
    ['another outcome', 'text_mismatch', (items: Stored[]) => items.map((item) => ({ ...item, status: 'stopped' }))],
  ])('fails where the store has %s', async (_, fails, change) => {
    const proxy = createProxyServer({ target: lamplight.url });
    const server = createHttpServer(async (request, response) => {
      const { url = '', headers } = request;
      if (!url.includes('/messages')) return proxy.web(request, response);
      const reply = await fetch(lamplight.url + url, { headers: { authorization: headers.authorization ?? '' } });
      const page = (await reply.json()) as { items: Stored[] };
      response.end(JSON.stringify({ ...page, items: change(page.items) }));
    });
    server.on('upgrade', (request, socket, head) => proxy.ws(request, socket, head));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const result = await load(
      '--url',
      url,
      '--people',
      '2',
      '--duration',
      '1s',
      '--cuts',
      '0',
      '--answer-limit',
      '2500ms',
    );
    server.close();
    server.closeAllConnections();
    expect(failedChecks(result)).toContain(fails);
    expect(result.summary?.counts.completed).toBe(result.summary?.counts.started);
    expect(result.code).toBe(1);
  });

  it('fails where the model is slow, and where what is stored is not what it said', async () => {
    const letter = /("delta":\{"content":")([a-y])/g;
    const meddler = await startMeddler(model.port, (said) => said.replace(letter, '$1z'), 700);
    const slow = await standalone(`http://127.0.0.1:${meddler.port}/v1`);
    const result = await load('--url', slow.url, '--duration', '2s', '--first-token-p95', '500', '--completed', '50');
    await slow.stop();
    await meddler.close();
    expect(failedChecks(result)).toEqual(expect.arrayContaining(['time_to_first_token', 'text_mismatch']));
    expect(result.said).toContain('the text is not what the model said');
    expect(result.summary?.counts.completed).toBe(result.summary?.counts.started);
    expect(result.code).toBe(1);
  });
});
