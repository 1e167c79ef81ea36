import { execFile, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startEdge } from '#nginx/edge.fixture.ts';
import { servedSerial } from '#nginx/watch/served-certificate.fixture.ts';
import { freePort } from '#scripts/programs/free-port.ts';
import { waitFor } from '#tests/servers/child.ts';
import { type Pebble, startPebble } from '#tests/servers/pebble.ts';
import { certificates, startCertificates } from './certificates.fixture.ts';
import { openSocket, openStream, startTalker } from './long-lived.fixture.ts';

const { nginx, certbot, pebble: pebbleProgram, openssl } = inject('programs');
const dnsProgram = inject('programs')['pebble-challtestsrv'];
const [mainHost, apiHost] = ['chat.lamplight.test', 'api.lamplight.test'];

/** Everything that a host, or a group of containers, has beside the edge. */
async function prepare() {
  const dir = await mkdtemp(join(tmpdir(), 'lamplight-obtain-'));
  // Nginx's workers, who are nobody where its master is root, read the challenges.
  await chmod(dir, 0o755);
  const [httpPort, httpsPort] = [await freePort(), await freePort()];
  const pebble = (await startPebble(httpPort)) ?? expect.fail();
  const env = {
    PUBLIC_URL: `https://${mainHost}`,
    API_URL: `https://${apiHost}`,
    EDGE_CERTIFICATE: join(dir, 'tls', 'tls.crt'),
    EDGE_CERTIFICATE_KEY: join(dir, 'tls', 'tls.key'),
    EDGE_ACME_ROOT: join(dir, 'acme'),
  };
  const talker = await startTalker();
  return {
    dir,
    pebble,
    env: { ...env, ACME_SERVER: pebble.directoryUrl, REQUESTS_CA_BUNDLE: pebble.caFile },
    httpPort,
    httpsPort,
    talker,
    startEdge: () =>
      startEdge(nginx ?? '', {
        env: {
          ...env,
          EDGE_TLS: 'on',
          EDGE_HTTP_PORT: String(httpPort),
          EDGE_HTTPS_PORT: String(httpsPort),
          EDGE_REALTIME_UPSTREAM: talker.address,
        },
      }),
    served: () => servedSerial(httpsPort, mainHost),
    installed: async () => new X509Certificate(await readFile(env.EDGE_CERTIFICATE)).serialNumber,
  };
}

/** Makes a handshake as a browser does, one that trusts nothing but `root`. */
async function trusts(root: string, port: number, servername: string): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port, servername, ca: root });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.once('secureConnect', () => resolve(socket.authorized)).once('error', () => resolve(false));
  const trusted = await promise;
  socket.destroy();
  return trusted;
}

/** The program that runs beside Nginx in containers. */
function startWatcher(configuration: string, runDirectory: string, env: NodeJS.ProcessEnv) {
  const program = resolve(import.meta.dirname, '../../nginx/watch-main.ts');
  const child = spawn(process.execPath, [program, '--configuration', configuration, '--every', '0.5'], {
    env: { ...env, EDGE_RUN_DIR: runDirectory },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  return {
    output: () => output,
    stop: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}

const programs = nginx && certbot && pebbleProgram && dnsProgram && openssl;

describe.skipIf(!programs)('certificates.sh in containers: certbot in one, a watcher beside the edge', () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  it('begins with a placeholder, gets the real one through the edge, and open connections go on', async () => {
    const { dir, pebble, env, httpPort, httpsPort, talker, startEdge, served, installed } = await prepare();
    ends.push(pebble.stop, talker.close);
    const edgeUrl = `http://127.0.0.1:${httpPort}`;
    const options = ['--certbot-dir', join(dir, 'certbot'), '--reload', 'none', '--edge', edgeUrl, '--retry', '1'];
    const running = startCertificates(['run', ...options], env);
    ends.push(running.stop);
    await waitFor(() => running.output().includes('signed by itself'), { what: 'a placeholder' });
    expect(await certificates(['status'], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('placeholder'),
    });

    const edge = await startEdge();
    ends.push(edge.stop);
    const placeholder = await served();
    const stream = await openStream({ port: httpsPort, host: mainHost });
    const socket = await openSocket({ port: httpsPort, host: mainHost });
    ends.push(async () => {
      stream.close();
      socket.close();
    });
    const watcher = startWatcher(join(edge.folder, 'nginx'), join(edge.folder, 'run'), env);
    ends.push(watcher.stop);
    const root = await pebble.root();
    for (const name of [mainHost, apiHost]) {
      await waitFor(() => trusts(root, httpsPort, name), { what: `a trusted ${name}`, timeoutMs: 15_000 });
    }
    // The workers of before take connections for a moment yet.
    await waitFor(async () => (await served()) === (await installed()));
    expect(await installed()).not.toBe(placeholder);
    expect(await certificates(['status'], env)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/names +chat\.lamplight\.test, api\.lamplight\.test\nissuer +CN=Pebble/),
    });
    talker.say('still here');
    expect([await stream.hears('still here'), await socket.hears('still here')]).toEqual([true, true]);
    // The certificate authority was asked once, when the edge could answer.
    expect(running.output()).not.toContain('no certificate for');
    expect(await running.stop()).toBe(0);
  });
});

describe.skipIf(!programs)('certificates.sh on a plain host: certbot and Nginx side by side', () => {
  let place: Awaited<ReturnType<typeof prepare>>;
  let edge: Awaited<ReturnType<typeof startEdge>>;
  let pebble: Pebble;
  let options: string[];
  const call = (command: string, ...more: string[]) => certificates([command, ...options, ...more], place.env);

  beforeAll(async () => {
    place = await prepare();
    pebble = place.pebble;
    // Something must be there for the edge of this test to start before the script may reload it.
    options = ['--certbot-dir', join(place.dir, 'certbot'), '--reload', 'true'];
    await mkdir(join(place.dir, 'acme'));
    await certificates(['obtain', ...options], { ...place.env, ACME_SERVER: 'https://127.0.0.1:1/nobody' });
    edge = await place.startEdge();
    const reload = `${nginx} -t -q -c ${edge.folder}/nginx/nginx.conf && kill -HUP $(cat ${edge.folder}/run/nginx.pid)`;
    options = ['--certbot-dir', join(place.dir, 'certbot'), '--reload', reload, '--email', 'people@example.org'];
  });
  afterAll(async () => {
    await edge?.stop();
    await place?.talker.close();
    await pebble?.stop();
  });

  it('has no renewal before there is a certificate', async () => {
    expect(await call('renew')).toMatchObject({ code: 1, stderr: expect.stringContaining('run obtain first') });
  });

  it('tries a whole order and keeps nothing on a dry run', async () => {
    const before = await place.served();
    const { code, stdout } = await call('obtain', '--dry-run');
    expect([code, stdout]).toEqual([0, expect.stringContaining('dry run')]);
    expect(await place.served()).toBe(before);
    expect((await call('status')).stderr).toContain('placeholder');
  });

  it('gets a certificate, and nothing more when it is called again', async () => {
    const root = await pebble.root();
    expect(await trusts(root, place.httpsPort, mainHost)).toBe(false);
    expect(await call('obtain')).toMatchObject({ code: 0 });
    await waitFor(() => trusts(root, place.httpsPort, mainHost), { what: 'a trusted certificate' });
    const serial = await place.installed();
    expect(await call('obtain')).toMatchObject({ code: 0 });
    expect(await place.installed()).toBe(serial);
    await waitFor(async () => (await place.served()) === serial, { what: 'the certificate that is installed' });
    const key = await readFile(place.env.EDGE_CERTIFICATE_KEY, 'utf8');
    expect(key).toMatch(/-----BEGIN (EC )?PRIVATE KEY-----/);
  });

  it('is renewed by certbot’s own timer, and connections that were open go on', async () => {
    const serial = await place.installed();
    const stream = await openStream({ port: place.httpsPort, host: mainHost });
    const socket = await openSocket({ port: place.httpsPort, host: mainHost });
    const dir = join(place.dir, 'certbot');
    const folders = ['--config-dir', dir, '--work-dir', join(dir, 'work'), '--logs-dir', join(dir, 'logs')];
    await promisify(execFile)(
      certbot ?? '',
      ['-q', 'renew', '--no-random-sleep-on-renew', '--force-renewal', ...folders],
      {
        env: { PATH: process.env['PATH'], REQUESTS_CA_BUNDLE: pebble.caFile },
      },
    );
    const renewed = await place.installed();
    expect(renewed).not.toBe(serial);
    await waitFor(async () => (await place.served()) === renewed, { what: 'the renewed certificate' });
    place.talker.say('after the renewal');
    expect(await Promise.all([stream, socket].map((each) => each.hears('after the renewal')))).toEqual([true, true]);
    for (const each of [stream, socket]) each.close();
  });

  it('renews when it is told to, and not before it is due otherwise', async () => {
    const serial = await place.installed();
    expect(await call('renew')).toMatchObject({ code: 0 });
    expect(await place.installed()).toBe(serial);
    expect(await call('renew', '--force')).toMatchObject({ code: 0 });
    const renewed = await place.installed();
    expect(renewed).not.toBe(serial);
    await waitFor(async () => (await place.served()) === renewed, { what: 'the renewed certificate' });
  });

  it('keeps what it has and says so where the certificate authority is away', async () => {
    const serial = await place.installed();
    await pebble.stop();
    const renewed = await call('renew', '--force');
    expect(renewed).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/not renewed.*keeps the one it has, valid until 20/),
    });
    expect(await place.installed()).toBe(serial);
    // The workers of before take connections for a moment yet.
    await waitFor(async () => (await place.served()) === serial, { what: 'the same certificate, served' });
    expect(await call('status')).toMatchObject({ code: 0 });
  });
});
