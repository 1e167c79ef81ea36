import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freePort } from '#scripts/programs/free-port.ts';
import { startServer, type TestServer, waitFor } from '#tests/servers/child.ts';
import { findProgram } from '#tests/servers/programs.ts';
import {
  buildComposeParser,
  type ComposeProject,
  type ComposeService,
  composeFolder,
  readCompose,
  setUp,
} from './compose.fixture.ts';

const { go } = inject('programs');
const mongodbUri = inject('mongodbUri');
const canStart = go !== undefined && mongodbUri !== undefined && inject('canStartRedis');
const root = fileURLToPath(new URL('..', import.meta.url));

/** As long as no container engine is at hand: what compose.yaml would start, as processes on this machine. */
describe.skipIf(!canStart)('the commands and settings of compose.yaml', () => {
  let folder: string;
  let stack: ComposeProject;
  let redis: TestServer;
  let redisPort: number;
  const processes: { name: string; process: ReturnType<typeof spawn>; opsPort: number; port: number; log: string }[] =
    [];

  const one = (name: string): ComposeService => {
    const service = stack.services[name];
    if (!service) throw new Error(`There is no service ${name}.`);
    return service;
  };
  /** Files of secrets lie on this machine elsewhere than in a container. */
  const here = (text: string) => text.replaceAll('/run/secrets/', join(folder, 'secrets/'));

  beforeAll(async () => {
    folder = await composeFolder();
    await setUp(folder, '--public-url', 'http://localhost:8080', '--no-tls');
    stack = await readCompose(await buildComposeParser(go ?? ''), folder);

    redisPort = await freePort();
    const data = await mkdtemp(join(tmpdir(), 'lamplight-compose-redis-'));
    const [program = '', ...args] = (one('redis').command ?? []).map((part) => (part === '/data' ? data : here(part)));
    redis = await startServer(
      findProgram(program) ?? program,
      [...args, '--port', String(redisPort), '--bind', '127.0.0.1'],
      {
        port: redisPort,
        url: '',
      },
    );
    await pointAt('redis-url', (text) => text.replace('redis:6379', `127.0.0.1:${redisPort}`));
    // The stand-in for MongoDB knows neither users nor replica sets.
    await pointAt('mongodb-uri', () => `${mongodbUri}compose-${process.pid}`);
  }, 120_000);

  afterAll(async () => {
    const running = processes.filter(({ process }) => process.exitCode === null && process.signalCode === null);
    await Promise.all(
      running.map(async ({ process }) => {
        process.kill('SIGKILL');
        await once(process, 'exit');
      }),
    );
    await redis?.stop();
  });

  async function pointAt(name: string, change: (text: string) => string): Promise<void> {
    const file = join(folder, 'secrets', name);
    const changed = change(await readFile(file, 'utf8'));
    await writeFile(`${file}.local`, changed);
  }

  /** A service's environment as a container has it: nothing of this machine's but the PATH. */
  function environmentOf(name: string, own: Record<string, string> = {}): Record<string, string> {
    const given = Object.entries(one(name).environment ?? {}).map(([key, value]) => {
      const local = /\/(mongodb-uri|redis-url)$/.test(value ?? '') ? '.local' : '';
      return [key, here(value ?? '') + local];
    });
    return { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...Object.fromEntries(given), ...own };
  }

  async function start(name: string) {
    const [port, opsPort] = [await freePort(), await freePort()];
    const log = join(folder, `${name}.log`);
    const file = openSync(log, 'a');
    const [, ...args] = one(name).command ?? [];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: environmentOf(name, { HOST: '127.0.0.1', PORT: String(port), OPS_PORT: String(opsPort) }),
      stdio: ['ignore', file, file],
    });
    closeSync(file);
    const started = { name, process: child, port, opsPort, log };
    processes.push(started);
    return started;
  }

  /** Runs a service's own health check, as the container engine would. */
  const check = (name: string, env: Record<string, string>): Promise<number> =>
    new Promise((resolve) => {
      const [kind, ...test] = one(name).healthcheck?.test ?? [];
      const [program = '', ...args] = kind === 'CMD-SHELL' ? ['sh', '-c', ...test] : test;
      const command = program === 'node' ? process.execPath : program;
      execFile(command, args.map(here), { cwd: root, env }, (error) => resolve(Number(error?.code ?? 0)));
    });

  it('starts a Redis that wants the password, writes all down and throws nothing away', async () => {
    const url = await readFile(join(folder, 'secrets/redis-url.local'), 'utf8');
    const client = new Redis(url);
    const stranger = new Redis({ port: redisPort, lazyConnect: true, retryStrategy: null });
    const refusals: string[] = [];
    stranger.on('error', (error: Error) => void refusals.push(error.message));
    try {
      const settings = await client.config('GET', 'maxmemory-policy', 'appendonly', 'appendfsync', 'maxmemory');
      expect(settings).toEqual(
        expect.arrayContaining(['maxmemory-policy', 'noeviction', 'appendonly', 'yes', 'appendfsync', 'everysec']),
      );
      await expect(stranger.connect().then(() => stranger.get('key'))).rejects.toThrow();
      expect(refusals.join('\n')).toContain('NOAUTH');
    } finally {
      client.disconnect();
      stranger.disconnect();
    }
  });

  it('checks its health with the password of the same file, and notices when it is gone', async () => {
    const bin = await mkdtemp(join(tmpdir(), 'lamplight-bin-'));
    const cli = findProgram('redis-cli');
    await writeFile(join(bin, 'redis-cli'), `#!/bin/sh\nexec ${cli} -p \${TEST_PORT} "$@"\n`, { mode: 0o755 });
    const env = (port: number) => ({ PATH: `${bin}:${process.env['PATH']}`, TEST_PORT: String(port) });
    expect(await check('redis', env(redisPort))).toBe(0);
    expect(await check('redis', env(await freePort()))).not.toBe(0);
  });

  it('renders the configuration of the edge', async () => {
    const out = await mkdtemp(join(tmpdir(), 'lamplight-edge-'));
    const [, ...args] = (one('edge-config').command ?? []).map((part) =>
      part === '/etc/lamplight/nginx' ? out : part,
    );
    const child = spawn(process.execPath, args, { cwd: root, env: environmentOf('edge-config'), stdio: 'inherit' });
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await readdir(out)).toContain('nginx.conf');
    const files = await Promise.all((await readdir(out)).map((name) => readFile(join(out, name), 'utf8')));
    expect(files.join('\n')).toContain('resolver 127.0.0.11');
  });

  it('migrates, then every process becomes healthy and answers, and ends in order', async () => {
    const migration = await start('migrate');
    expect(await once(migration.process, 'exit'), await readFile(migration.log, 'utf8')).toEqual([0, null]);

    const services = await Promise.all(['api', 'realtime', 'worker', 'scheduler'].map(start));
    for (const { name, opsPort, process: child, log } of services) {
      await waitFor(
        async () => {
          if (child.exitCode !== null) throw new Error(`${name} ended: ${await readFile(log, 'utf8')}`);
          return (await check(name, { OPS_PORT: String(opsPort) })) === 0;
        },
        { what: `${name} to be healthy`, timeoutMs: 30_000, everyMs: 250 },
      );
    }
    const portOf = (name: string) => services.find((each) => each.name === name)?.port;
    const api = `http://127.0.0.1:${portOf('api')}`;
    const health = await (await fetch(`${api}/health`)).json();
    expect(health).toMatchObject({
      status: 'ok',
      dependencies: { mongodb: { status: 'up' }, redis: { status: 'up' } },
    });

    const post = (url: string, body: unknown, token = '') =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify(body),
      });
    const guest = (await (await post(`${api}/api/auth/guest`, { name: 'Ada' })).json()) as { access_token: string };
    const message = { text: 'Hello', clientMessageId: crypto.randomUUID() };
    const realtime = `http://127.0.0.1:${portOf('realtime')}/api/chat/send-simple`;
    const reply = await post(realtime, message, guest.access_token);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({ run: { status: 'complete' } });

    const ends = services.map(async ({ process: child, opsPort }) => {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await exit).toEqual([0, null]);
      expect(await check('api', { OPS_PORT: String(opsPort) })).toBe(1);
    });
    await Promise.all(ends);
  }, 90_000);
});
