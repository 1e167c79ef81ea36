import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { createProxyServer } from 'http-proxy-3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { directive } from '#tests/model-server/directive.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import type { LamplightProcess } from '#tests/servers/lamplight-process.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';

const run = promisify(execFile);
const entry = join(import.meta.dirname, 'smoke.ts');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const smoke = (...args: string[]): Promise<Ended> => smokeWith({}, ...args);

async function smokeWith(account: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  try {
    return { code: 0, ...(await run(process.execPath, [entry, ...args], { env: { ...env, ...account } })) };
  } catch (error) {
    return error as Ended;
  }
}

/** The checks that failed, by name. */
async function failures(url: string, ...args: string[]): Promise<Record<string, string>> {
  const { code, stdout } = await smoke(url, '--json', ...args);
  const report = JSON.parse(stdout) as { ok: boolean; checks: { name: string; ok: boolean; problem?: string }[] };
  const failed = report.checks.filter(({ ok }) => !ok);
  expect({ code, ok: report.ok }).toEqual(failed.length > 0 ? { code: 1, ok: false } : { code: 0, ok: true });
  return Object.fromEntries(failed.map(({ name, problem = '' }) => [name, problem]));
}

type Handler = (request: IncomingMessage, response: ServerResponse, pass: () => void) => void;

describe('smoke', () => {
  let model: ModelServer;
  let lamplight: LamplightProcess;
  const servers: Server[] = [];

  beforeAll(async () => {
    model = await startModelServer();
    lamplight = await startStandalone({
      env: { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'scripted' },
    });
  });
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  afterAll(async () => {
    await lamplight?.stop();
    await model?.close();
  });

  /** Something in front that does not leave all as it is. */
  async function inFront(handler: Handler, secure?: { cert: string; key: string }): Promise<string> {
    const proxy = createProxyServer({ target: lamplight.url, ws: true });
    proxy.on('error', () => {}); // of connections that end with their test
    const listener = (request: IncomingMessage, response: ServerResponse) =>
      handler(request, response, () => void proxy.web(request, response));
    const server = secure ? createTlsServer(secure, listener) : createServer(listener);
    server.on('upgrade', (request, socket, head) => void proxy.ws(request, socket, head));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    return `${secure ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const changing =
    (path: RegExp, change: (body: string) => string): Handler =>
    async (request, response, pass) => {
      if (!path.test(request.url ?? '')) return pass();
      const { host: _, connection: __, 'accept-encoding': ___, ...headers } = request.headers;
      const method = request.method ?? 'GET';
      const body = method === 'POST' ? { body: await text(request) } : {};
      const reply = await fetch(lamplight.url + request.url, {
        method,
        headers: headers as Record<string, string>,
        ...body,
      });
      const { 'content-length': ____, ...replied } = Object.fromEntries(reply.headers);
      response.writeHead(reply.status, replied).end(change(await reply.text()));
    };

  it('passes on what works, over SSE and over WebSocket, and leaves nothing behind', async () => {
    const message = directive({ tokens: 60, thinking: 15 });
    const { code, stdout, stderr } = await smoke(lamplight.url, '--message', message);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/works: 11 passed, 0 failed\n$/);
    expect(stdout).toMatch(/ok {4} answer over WebSocket .*model scripted, characters \d{2,}, pieces \d+/);
    expect(stdout).toMatch(/ok {4} delete and sign out .*conversations 2/);
    expect(code).toBe(0);
  });

  it('signs in where guests may not come in, deletes only what it made, and says who it was', async () => {
    const closed = await startStandalone({ env: { GUESTS: 'off', LOG_LEVEL: 'warn' } });
    try {
      const uninvited = await smoke(closed.url);
      expect(uninvited.stdout).toMatch(/FAILED guest session .*name an account by --email and SMOKE_PASSWORD/);
      expect(uninvited.code).toBe(1);
      const account = { SMOKE_EMAIL: 'Admin@lamplight.test', SMOKE_PASSWORD: 'the evening lamp of the tests' };
      const first = await smokeWith(account, closed.url);
      expect(first.stdout).toMatch(/ok {4} sign in .*: role admin\n/);
      expect(first.stdout).toMatch(/ok {4} renew the token/);
      expect(first.stdout).toMatch(/works: 11 passed, 0 failed\n$/);
      const wrong = await smokeWith({ ...account, SMOKE_PASSWORD: 'another password' }, closed.url);
      expect(wrong.stdout).toMatch(/FAILED sign in .*answered 401, not 200: wrong_credentials/);
      expect(wrong.stdout + wrong.stderr).not.toContain('another password');
    } finally {
      await closed.stop();
    }
  });

  it('takes a password from the environment or a file, never without its address', async () => {
    expect(await smokeWith({ SMOKE_PASSWORD: 'x' }, lamplight.url)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/say whose it is/),
    });
    expect(await smoke(lamplight.url, '--email', 'ada@example.org')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/The password of ada@example.org is missing/),
    });
    expect(await smokeWith({ SMOKE_EMAIL: 'a@b', SMOKE_PASSWORD_FILE: '/none' }, lamplight.url)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/SMOKE_PASSWORD_FILE cannot be read/),
    });
  });

  it('fails with the model, and says in what words', async () => {
    const failed = await failures(lamplight.url, '--message', directive({ fault: '401' }));
    expect(Object.keys(failed)).toEqual([
      'answer over SSE',
      'stored text of the answer over SSE',
      'answer over WebSocket',
      'stored text of the answer over WebSocket',
    ]);
    expect(failed['answer over SSE']).toMatch(/trace [0-9a-f]{32}/);
    expect(failed['stored text of the answer over SSE']).toBe('Not done: there is no answer.');
  });

  it('fails where another text is stored than was streamed', async () => {
    const alter = (body: string) => body.replaceAll('all is well', 'all is bell');
    const failed = await failures(await inFront(changing(/\/messages/, alter)));
    expect(Object.keys(failed)).toEqual([
      'stored text of the answer over SSE',
      'stored text of the answer over WebSocket',
    ]);
    expect(failed['stored text of the answer over SSE']).toMatch(/is not what is stored .*all is well.*all is bell/);
  });

  it('fails where a stream loses a piece', async () => {
    const lose = (body: string) => body.replace(/(?:id: \S+\n)?event: delta\n[^\n]+\n(?:id: \S+\n)?\n/, '');
    const failed = await failures(await inFront(changing(/\/chat\/send/, lose)));
    expect(failed['answer over SSE']).toMatch(/What streamed .* is not what the end of the answer says/);
  });

  it('fails where a stream ends too early', async () => {
    const cut = (body: string) => body.slice(0, body.indexOf('event: done'));
    const failed = await failures(await inFront(changing(/\/chat\/send/, cut)));
    expect(failed['answer over SSE']).toMatch(/broke off after \d+ pieces/);
  });

  it('fails where the page, its script or a header is missing, or what is private can be reached', async () => {
    const url = await inFront((request, response, pass) => {
      response.removeHeader('content-security-policy');
      const setHeader = response.setHeader.bind(response);
      response.setHeader = (name, value) =>
        /^content-security-policy$/i.test(name) ? response : setHeader(name, value);
      if (request.url === '/metrics') response.end('lamplight_active_streams 0');
      else if (request.url?.startsWith('/assets/')) response.writeHead(404).end();
      else pass();
    });
    const failed = await failures(url);
    expect(failed['page']).toMatch(/\/assets\/.* answered 404, not 200/);
    expect(failed['security headers']).toMatch(/content-security-policy of .*\/ is absent.*\/api\/me is absent/);
    expect(failed['nothing private is reachable']).toBe(`Reachable: ${url}/metrics answers 200.`);
    expect(Object.keys(failed)).toHaveLength(3);
  });

  it('gives up on what hangs', async () => {
    const url = await inFront((request, _, pass) => {
      if (request.url !== '/health') pass();
    });
    expect(await failures(url, '--seconds', '1')).toEqual({ health: 'It took more than 1 seconds.' });
  });

  it('says that nobody listens', async () => {
    const failed = await failures('http://127.0.0.1:9');
    expect(failed['guest session']).toMatch(/fetch failed \(.+\)/);
    expect(failed['answer over SSE']).toBe('Not done: there is no session.');
  });

  it('waits for the first answer where it is told to', async () => {
    let refused = 0;
    const url = await inFront((request, response, pass) => {
      if (request.url !== '/health' || refused === 2) return pass();
      refused += 1;
      response.writeHead(503).end();
    });
    expect(await failures(url, '--wait', '10')).toEqual({});
  });

  it('trusts a private authority where it is named, and only then', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'lamplight-smoke-'));
    const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    await run('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert]);
    const secure = { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
    const url = await inFront((_request, response, pass) => {
      response.setHeader('strict-transport-security', 'max-age=31536000');
      pass();
    }, secure);
    expect((await failures(url))['health']).toMatch(/self-signed certificate/);
    expect(await failures(url, '--ca', cert)).toEqual({});
    await writeFile(cert, 'nothing');
    expect(await smoke(url, '--ca', cert)).toMatchObject({ code: 2, stderr: expect.stringMatching(/no certificate/) });
  });

  it.each([
    [[], /Name one address/],
    [['chat.example.org'], /must be an address such as https/],
    [['https://chat.example.org/path'], /without a path/],
    [['https://chat.example.org', '--seconds', 'soon'], /whole number of seconds/],
    [['https://chat.example.org', '--nonsense'], /nonsense/],
    [['https://chat.example.org', '--ca', 'missing.pem'], /cannot be read/],
  ])('refuses %j with what to do', async (args, message) => {
    expect(await smoke(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
  });

  it('explains itself', async () => {
    expect(await smoke('--help')).toMatchObject({ code: 0, stdout: expect.stringMatching(/Exit codes/) });
  });
});
