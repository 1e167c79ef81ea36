import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { settingNamed } from '#platform/config/settings.ts';

const run = promisify(execFile);
const { 'systemd-analyze': analyze = '' } = inject('programs');
const services = ['lamplight.service', 'lamplight@.service', 'lamplight-migrate.service'];
/** Of 10, where 10 is a service that nothing holds back. systemd calls what is below 2 "OK" at the least. */
const exposure = 1.8;

const read = (name: string): Promise<string> => readFile(join(import.meta.dirname, name), 'utf8');
const values = (unit: string, key: string): string[] =>
  [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);

describe.skipIf(!analyze)('the units, as systemd reads them', () => {
  let folder: string;
  /** `analyze verify` asks whether programs and files are there, so the units are verified where they are. */
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lamplight-units-'));
    for (const link of ['current', 'next']) {
      await mkdir(join(folder, link, 'bin'), { recursive: true });
      await writeFile(join(folder, link, 'bin/node'), '#!/bin/sh\n', { mode: 0o755 });
    }
    for (const name of [...services, 'lamplight.target']) {
      await writeFile(join(folder, name), (await read(name)).replaceAll('/opt/lamplight', folder));
    }
    await mkdir(join(folder, 'lamplight.service.d'));
    await cp(join(import.meta.dirname, 'credentials.conf'), join(folder, 'lamplight.service.d/credentials.conf'));
    for (const name of ['api', 'realtime', 'worker', 'scheduler']) {
      await cp(join(folder, 'lamplight@.service'), join(folder, `lamplight@${name}.service`));
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const verify = (...names: string[]) =>
    run(analyze, ['verify', '--man=no', '--recursive-errors=no', ...names.map((name) => join(folder, name))]);

  it('are free of mistakes', async () => {
    const instances = ['api', 'realtime', 'worker', 'scheduler'].map((name) => `lamplight@${name}.service`);
    const { stderr } = await verify('lamplight.service', 'lamplight-migrate.service', 'lamplight.target', ...instances);
    expect(stderr).toBe('');
  });

  it('are judged by a check that finds mistakes', async () => {
    await writeFile(join(folder, 'broken.service'), '[Service]\nExecStart=/nowhere/node\nProtectSystm=strict\n');
    await expect(verify('broken.service')).rejects.toThrow(/ProtectSystm|\/nowhere\/node/);
  });

  it.each(services)('%s exposes little', async (name) => {
    const security = ['security', '--offline=true', `--threshold=${exposure * 10}`, '--no-pager'];
    const { stdout } = await run(analyze, [...security, join(folder, name)]);
    expect(stdout).toContain('Overall exposure level');
  });
});

describe('the units', () => {
  it('give a drain the time that it takes', async () => {
    const grace = Number(settingNamed('SHUTDOWN_GRACE_SECONDS').default);
    for (const name of services.slice(0, 2)) {
      const [seconds] = values(await read(name), 'TimeoutStopSec');
      expect(Number(seconds)).toBeGreaterThanOrEqual(grace + 15);
    }
  });

  it('start files that exist, from the current release, and the migration from the next', async () => {
    const processes = await readdir(join(import.meta.dirname, '../../services'));
    const started = async (name: string) => values(await read(name), 'ExecStart').join();
    const command = (release: string, service: string) =>
      `/opt/lamplight/${release}/bin/node /opt/lamplight/${release}/services/${service}/main.ts`;
    expect(processes).toEqual(
      expect.arrayContaining(['standalone', 'migrate', 'api', 'realtime', 'worker', 'scheduler']),
    );
    expect(await started('lamplight.service')).toBe(command('current', 'standalone'));
    expect(await started('lamplight@.service')).toBe(command('current', '%i'));
    expect(await started('lamplight-migrate.service')).toBe(command('next', 'migrate'));
  });

  it('keep relative paths of the settings in the data folder, never in a release', async () => {
    for (const name of services) expect(values(await read(name), 'WorkingDirectory')).toEqual(['/var/lib/lamplight']);
  });

  it('are held back alike', async () => {
    const limits = async (name: string) =>
      (await read(name)).split('# What it may do')[1]?.split('\n[Install]')[0]?.trim();
    const all = await Promise.all(services.map(limits));
    expect(all[0]).toContain('NoNewPrivileges=yes');
    expect(new Set(all).size).toBe(1);
  });

  it('give each process on a host ports of its own', async () => {
    const files = await readdir(join(import.meta.dirname, 'ports'));
    const ports = await Promise.all(files.map(async (file) => (await read(`ports/${file}`)).match(/\d+/g) ?? []));
    expect(files.sort()).toEqual(['api.env', 'realtime.env', 'scheduler.env', 'worker.env']);
    expect(new Set(ports.flat()).size).toBe(8);
  });
});
