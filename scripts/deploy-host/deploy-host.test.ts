import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { exitOf } from '#scripts/prepare/run.mjs';
import { waitFor } from '#tests/servers/child.ts';
import { readOptions } from './options.ts';
import { type Release, stageRelease } from './stage-release.ts';
import { type LoopbackHost, startLoopbackHost } from './test/loopback-host.ts';
import { checksums, saysItsRelease, slimmed, variant } from './test/releases.ts';

const { rsync, sshd = '' } = inject('programs');
const root = resolve(import.meta.dirname, '../..');
const started = 'services/standalone/main.ts';
const failing = 'process.exit(1);\n';

describe.skipIf(!rsync || !sshd)('deploy-host', { timeout: 40_000 }, () => {
  let folder: string;
  let whole: Release;
  let next: Release;
  let first: Release;
  let second: Release;
  let broken: Release;
  let host: LoopbackHost;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lamplight-releases-'));
    whole = await stageRelease({ root, to: join(folder, 'whole'), node: process.execPath });
    const slim = await slimmed(whole, join(folder, 'slim'), root);
    next = await variant(slim, join(folder, 'next'), '9.0.0+next');
    broken = await variant(slim, join(folder, 'broken'), '1.2.0+broken', { [started]: failing });
    first = await variant(slim, join(folder, 'first'), '1.0.0+first', { [started]: saysItsRelease });
    second = await variant(slim, join(folder, 'second'), '1.1.0+second', { [started]: saysItsRelease });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    host = await startLoopbackHost({ sshd });
  });
  afterEach(() => host.close());

  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [join(root, 'scripts/deploy-host.ts'), host.name, ...host.options, ...args], { cwd: root });
  const ended = async (child: ChildProcess) => {
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    return { code: await exitOf(child), output };
  };
  const deployHost = (...args: string[]) => ended(start(...args));
  const send = (release: Release, ...args: string[]) => deployHost('--from', release.folder, ...args);
  const version = async () => {
    const body: unknown = await (await fetch(`${host.url}/health`)).json();
    return body && typeof body === 'object' && 'version' in body ? body.version : undefined;
  };
  const current = async () => basename(await readlink(join(host.dir, 'current')));
  const signIn = async () => {
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(`${host.url}/api/auth/guest`, { method: 'POST', headers, body: '{"name":"Ada"}' });
    const body: unknown = await reply.json();
    return body && typeof body === 'object' && 'access_token' in body ? String(body.access_token) : '';
  };
  const authorized = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  it('puts releases on a host one after another, keeps what people wrote, and goes back on request', async () => {
    // With its own packages and its own Node, as it comes to a host that has neither.
    const one = await send(whole);
    expect(one.output).toContain(`${whole.id} runs and is healthy`);
    expect(one.code).toBe(0);
    const token = await signIn();
    const made = await fetch(`${host.url}/api/conversations`, {
      method: 'POST',
      headers: { ...authorized(token).headers, 'content-type': 'application/json' },
      body: '{}',
    });
    const conversations = async () => (await fetch(`${host.url}/api/conversations`, authorized(token))).json();
    const before = await conversations();
    expect(made.ok).toBe(true);
    expect(before).toMatchObject({ items: [{}] });

    expect(await send(next)).toMatchObject({ code: 0 });
    expect(await version()).toBe('9.0.0+next');
    expect(await conversations()).toEqual(before);

    const again = await send(next);
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining('runs already and is healthy') });
    const status = await deployHost('--status');
    expect(status.output).toContain('9.0.0+next (current)');
    expect(status.output).toContain(`${whole.id} (the one before)`);

    expect(await deployHost('--rollback')).toMatchObject({ code: 0 });
    expect(await version()).toBe(whole.id);
    expect(await conversations()).toEqual(before);
    const unknown = await deployHost('--rollback', '--to', '9.9.9');
    expect(unknown).toMatchObject({ code: 1, output: expect.stringContaining('9.9.9 is not on') });
  });

  it.each(['backup', 'restore'])('brings what %s needs on the host', async (name) => {
    const script = join(whole.folder, 'scripts', `${name}.ts`);
    const { code, output } = await ended(spawn(join(whole.folder, 'bin/node'), [script, '--help'], { cwd: folder }));
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('Usage: node scripts/') });
  });

  it('goes back by itself where the new release is not healthy, and says so', async () => {
    await send(first);
    const bad = await send(broken, '--health-seconds', '1');
    expect(bad.code).toBe(1);
    expect(bad.output).toContain('1.2.0+broken is not healthy: rolling back to 1.0.0+first');
    expect(bad.output).toContain('Rolled back: 1.0.0+first runs and is healthy');
    expect(await version()).toBe('1.0.0+first');
    expect(await current()).toBe('1.0.0+first');
    expect(existsSync(join(host.dir, 'previous'))).toBe(false);
  });

  it('leaves nothing running where the first release of a host is not healthy', async () => {
    const bad = await send(broken, '--health-seconds', '1');
    expect(bad).toMatchObject({ code: 1, output: expect.stringContaining('no release was before it') });
    expect(existsSync(join(host.dir, 'current'))).toBe(false);
    expect(await host.calls()).toContain('stop lamplight.service');
  });

  it('takes an answer of another release for no health at all', async () => {
    await send(first);
    await host.replaceProgram('deaf', '#!/bin/sh\n');
    // The service command says yes and restarts nothing: the old release goes on answering.
    const deaf = await send(second, '--health-seconds', '1', '--service-command', 'deaf');
    expect(deaf.code).toBe(1);
    expect(deaf.output).toContain('is answered by release 1.0.0+first, not 1.1.0+second');
    expect(await current()).toBe('1.0.0+first');
  });

  it('leaves the running release as it is where the connection breaks while it sends, and goes on when repeated', async () => {
    await send(first);
    await host.replaceProgram('rsync', '#!/bin/sh\nsleep 0.2\nkill -9 $PPID $$\n');
    const cut = await send(second);
    expect(cut.code).toBe(1);
    expect(cut.output).toContain('was not sent whole');
    expect(cut.output).toContain('1.0.0+first goes on');
    expect(await version()).toBe('1.0.0+first');
    expect(await readdir(join(host.dir, 'releases'))).not.toContain('1.1.0+second');

    await host.replaceProgram('rsync', `#!/bin/sh\nexec ${rsync} "$@"\n`);
    expect(await send(second)).toMatchObject({ code: 0 });
    expect(await version()).toBe('1.1.0+second');
  });

  it('finishes the switch by itself where the connection breaks in it', async () => {
    await send(first);
    const child = start('--from', second.folder);
    const done = ended(child);
    await waitFor(async () => (await host.calls()).filter((call) => call.startsWith('restart')).length > 1, {
      what: 'the switch',
    });
    child.kill('SIGKILL');
    await done;
    await waitFor(async () => (await version().catch(() => undefined)) === '1.1.0+second', { what: 'the new release' });
    expect(await current()).toBe('1.1.0+second');
  });

  it('lets one deploy at a time into a folder', async () => {
    await host.replaceProgram(
      'rsync',
      `#!/bin/sh\n: >${host.state}/sending\nwhile [ ! -e ${host.state}/go ]; do sleep 0.05; done\nexec ${rsync} "$@"\n`,
    );
    const one = send(first);
    await waitFor(() => existsSync(join(host.state, 'sending')), { what: 'the first to send' });
    const two = await send(second);
    expect(two).toMatchObject({ code: 1, output: expect.stringContaining('Another deploy') });
    await writeFile(join(host.state, 'go'), '');
    expect(await one).toMatchObject({ code: 0 });
    expect(await version()).toBe('1.0.0+first');
  });

  it('changes nothing in a dry run', async () => {
    expect(await send(first, '--dry-run')).toMatchObject({ code: 0, output: expect.stringContaining('Would send') });
    expect(existsSync(host.dir)).toBe(false);
    expect(await host.calls()).toEqual([]);
    expect(await send(first)).toMatchObject({ code: 0 });
    const before = [await checksums(host.dir), await host.calls()] as const;
    const { output } = await send(second, '--dry-run');
    expect(output).toContain('Would send 1.1.0+second');
    expect(output).toContain('restart lamplight.service');
    expect([await checksums(host.dir), await host.calls()]).toEqual(before);
  });

  it('never touches data and settings, wherever they are', async () => {
    // All that a hostile setting could name: inside the folder, among the releases, and in a release itself.
    const places = ['', 'data', 'releases', 'releases/data', 'releases/1.0.0+first/data'].map((place) =>
      join(host.dir, place),
    );
    await send(first);
    for (const place of places) {
      await mkdir(place, { recursive: true });
      for (const name of ['lamplight.db', 'lamplight.env', '.hidden'])
        await writeFile(join(place, name), `${place} ${name}`);
    }
    const canaries = () => checksums(host.dir, /(^|\/)(lamplight\.(db|env)|\.hidden)$/);
    const before = await canaries();
    expect(Object.keys(before)).toHaveLength(15);
    const settings = await readFile(join(host.state, 'settings.env'), 'utf8');

    const third = await variant(second, join(folder, `third-${Date.now()}`), '1.3.0+third');
    await send(second, '--keep', '1');
    const last = await send(third, '--keep', '1');
    expect(last.code).toBe(0);
    expect(last.output).toContain("Kept the old release 1.0.0+first: somebody else's files are in it");
    await deployHost('--rollback');
    await send(broken, '--health-seconds', '1', '--keep', '1');
    expect(await canaries()).toEqual(before);
    expect(await readFile(join(host.state, 'settings.env'), 'utf8')).toBe(settings);
  });

  it('keeps as many releases as it is told, and always the one to go back to', async () => {
    for (const name of ['a', 'b', 'c']) {
      const release = await variant(first, join(folder, `keep-${name}`), `2.0.0+${name}`);
      expect(await send(release, '--keep', '1')).toMatchObject({ code: 0 });
    }
    expect((await readdir(join(host.dir, 'releases'))).sort()).toEqual(['2.0.0+b', '2.0.0+c']);
  });

  it('migrates before it switches, and leaves all as it was where that fails', async () => {
    const services = ['--services', 'worker', '--health', `${host.url}/health`];
    const worker = { 'services/worker/main.ts': saysItsRelease };
    const good = { ...worker, 'services/migrate/main.ts': '' };
    const one = await variant(first, join(folder, 'migrates'), '3.0.0+migrates', good);
    const two = await variant(first, join(folder, 'stuck'), '3.1.0+stuck', {
      ...worker,
      'services/migrate/main.ts': failing,
    });
    expect(await send(one, ...services)).toMatchObject({ code: 0 });
    const calls = await host.calls();
    expect(calls.indexOf('start lamplight-migrate.service')).toBeLessThan(
      calls.indexOf('restart lamplight@worker.service'),
    );
    const stuck = await send(two, ...services);
    expect(stuck).toMatchObject({ code: 1, output: expect.stringContaining('3.0.0+migrates goes on') });
    expect(await current()).toBe('3.0.0+migrates');
    expect((await host.calls()).filter((each) => each.startsWith('restart'))).toHaveLength(1);
  });

  it('says what the host lacks before it sends anything', async () => {
    await host.replaceProgram('df', '#!/bin/sh\necho head\necho disk 1 1 1024 1% /\n');
    expect((await send(first)).output).toContain('has 1 MB free');
    await host.replaceProgram('rsync', undefined);
    expect((await send(first)).output).toContain('rsync is missing on the host');
    await mkdir(join(host.dir, 'current'), { recursive: true });
    await host.replaceProgram('rsync', '#!/bin/sh\n');
    expect((await send(first)).output).toContain('is no symbolic link');
    await rm(join(host.dir, 'current'), { recursive: true });
    await writeFile(join(host.state, 'refuse'), 'daemon-reload');
    await host.replaceProgram('rsync', `#!/bin/sh\nexec ${rsync} "$@"\n`);
    await host.replaceProgram('df', '#!/bin/sh\necho head\necho disk 1 1 99999999 1% /\n');
    const refused = await send(first);
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('Nothing was changed') });
    expect(existsSync(join(host.dir, 'current'))).toBe(false);
  });
});

describe('the options of deploy-host', () => {
  it.each([
    [['-oProxyCommand=x'], /Unknown option/],
    [['--', '-oProxyCommand=x'], /Name one host/],
    [['host', '--dir', '/'], /--dir/],
    [['host', '--dir', '/opt/../etc'], /--dir/],
    [['host', '--dir', '/opt/a b'], /--dir/],
    [['host', '--services', 'standalone,api'], /--services/],
    [['host', '--keep', '0'], /--keep/],
    [['host', '--health', 'http://a; rm'], /is not an address/],
    [['host', '--to', '1'], /--rollback/],
  ])('refuse %j', (args, message) => {
    expect(() => readOptions(args, {})).toThrow(message);
  });

  it('ask every process on its own port, and restart what serves people last', () => {
    const options = readOptions(['deploy@host', '--services', 'api,realtime,worker,scheduler'], {
      SERVICE_COMMAND: 'x',
    });
    expect(options?.services).toEqual(['scheduler', 'worker', 'api', 'realtime']);
    expect(options?.checks.join(' ')).toContain(
      '--health http://127.0.0.1:3000/health --health http://127.0.0.1:3001/health',
    );
    expect(options?.serviceCommand).toBe('x');
  });
});
