import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { makeCertificate } from '#nginx/certificate.fixture.ts';
import { type Edge, mainHost, openFolder, startEdge } from '#nginx/edge.fixture.ts';
import { servedSerial } from '#nginx/watch/served-certificate.fixture.ts';
import { freePort } from '#scripts/programs/free-port.ts';
import { waitFor } from '#tests/servers/child.ts';
import { findProgram } from '#tests/servers/programs.ts';

const script = fileURLToPath(new URL('edge.pl', import.meta.url));

const { nginx, openssl } = inject('programs');
const perl = findProgram('perl') ?? '';

const check = (port: number, more: Record<string, string> = {}): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], EDGE_HTTP_PORT: String(port), EDGE_RUN_DIR: '/nowhere', ...more };
    execFile(perl, [script], { env }, (error, stdout) => resolve({ code: Number(error?.code ?? 0), output: stdout }));
  });

/** What the check finds at a server that answers its request with `answer`. */
async function checkAnswer(answer: string) {
  const server = createServer((socket) => void socket.once('data', () => socket.end(answer))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await check((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

describe.skipIf(perl === '')("the edge image's health check", () => {
  it.each(['301 Moved Permanently', '404 Not Found'])('takes %s for a sign that nginx serves', async (status) => {
    expect(await checkAnswer(`HTTP/1.1 ${status}\r\n\r\n`)).toEqual({ code: 0, output: `HTTP/1.1 ${status}\n` });
  });

  it.each([
    ['HTTP/1.1 500 Internal Server Error\r\n\r\n', /500/],
    ['SSH-2.0-OpenSSH\r\n', /SSH/],
    ['', /closed the connection without an answer/],
  ])('is not content with %j', async (answer, reason) => {
    const { code, output } = await checkAnswer(answer);
    expect([code, output]).toEqual([1, expect.stringMatching(reason)]);
  });

  it('says that nobody listens', async () => {
    expect(await check(await freePort())).toEqual({
      code: 1,
      output: expect.stringMatching(/cannot be reached: .*refused/),
    });
  });
});

const told = 'its files changed: nginx was told to read them again\n';

describe.skipIf(perl === '' || !nginx || !openssl)("the edge image's health check, beside a real nginx", () => {
  let edge: Edge;
  let tls: string;
  afterEach(() => edge.stop());

  /** As certificates.sh installs them: the files are links to those of one certificate. */
  async function install(): Promise<void> {
    const { cert, key } = await makeCertificate(await openFolder());
    for (const [file, name] of [
      [key, 'tls.key'],
      [cert, 'tls.crt'],
    ] as const) {
      await symlink(file, join(tls, 'new'));
      await rename(join(tls, 'new'), join(tls, name));
    }
  }
  const paths = () => ({ EDGE_CERTIFICATE: join(tls, 'tls.crt'), EDGE_CERTIFICATE_KEY: join(tls, 'tls.key') });
  const look = () =>
    check(edge.httpPort, {
      ...paths(),
      EDGE_RUN_DIR: join(edge.folder, 'run'),
      EDGE_CONFIGURATION: join(edge.folder, 'nginx'),
    });
  const served = () => servedSerial(edge.httpsPort, mainHost);
  /** As if nginx had started a while after, or before, its files were put there. */
  const startedSecondsLater = async (seconds: number) => {
    const at = Date.now() / 1000 + seconds;
    await utimes(join(edge.folder, 'run', 'nginx.pid'), at, at);
  };
  async function start(): Promise<void> {
    tls = await openFolder();
    await install();
    edge = await startEdge(nginx ?? '', {
      env: { EDGE_TLS: 'on', PUBLIC_URL: `https://${mainHost}`, ...paths() },
    });
    await startedSecondsLater(60);
  }
  const healthy = { code: 0, output: expect.stringMatching(/^HTTP\/1\.1 \d+ .*\n$/) };
  const reloaded = { code: 0, output: expect.stringContaining(told) };

  it('lets it serve a renewed certificate, and tells it once', async () => {
    await start();
    const before = await served();
    expect([await look(), await look()]).toEqual([healthy, healthy]);
    await install();
    expect(await look()).toEqual(reloaded);
    await waitFor(async () => (await served()) !== before, { what: 'the new certificate' });
    expect(await look()).toEqual(healthy);
  });

  it('lets it serve a changed configuration', async () => {
    await start();
    await look();
    const servers = join(edge.folder, 'nginx', 'servers.conf');
    await writeFile(servers, (await readFile(servers, 'utf8')).replaceAll('return 308', 'return 307'));
    expect(await look()).toEqual(reloaded);
    await waitFor(async () => (await edge.ask('/')).status === 307, { what: 'the new configuration' });
    expect(await look()).toEqual(healthy);
  });

  it('tells it of what changed after it started and before the first look', async () => {
    await start();
    await startedSecondsLater(-60);
    expect([await look(), await look()]).toEqual([reloaded, healthy]);
  });

  it('leaves nginx with what it has where the change is wrong', async () => {
    await start();
    const before = await served();
    await look();
    await writeFile(join(edge.folder, 'nginx', 'http.conf'), 'nonsense;');
    expect(await look()).toEqual(reloaded);
    await waitFor(() => edge.errors().includes('unknown directive'), { what: 'a complaint of nginx' });
    expect(await served()).toBe(before);
    expect(await look()).toEqual(healthy);
  });

  it('signals no process that is not nginx, whatever its pid file says', async () => {
    await start();
    await look();
    await writeFile(join(edge.folder, 'run', 'nginx.pid'), `${process.pid}\n`);
    await install();
    expect(await look()).toEqual(healthy);
    await writeFile(join(edge.folder, 'run', 'nginx.pid'), `${edge.server.process.pid}\n`);
  });

  it('says so where it cannot write down what it saw', async () => {
    await start();
    const run = join(edge.folder, 'run');
    await symlink('/nowhere/file', join(run, 'health-seen.new'));
    expect(await look()).toEqual({ code: 1, output: expect.stringContaining('health-seen cannot be written') });
    await rm(join(run, 'health-seen.new'));
    expect(await look()).toEqual(healthy);
    expect(await readdir(run)).toContain('health-seen');
  });
});
