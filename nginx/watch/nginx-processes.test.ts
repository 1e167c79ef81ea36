import { copyFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startServer, type TestServer } from '#tests/servers/child.ts';
import { selfSigned } from '#tests/servers/pebble.ts';
import { findMaster, workersOf } from './nginx-processes.ts';
import { type NginxPlace, nginxPlace } from './running-nginx.fixture.ts';

const { nginx, openssl } = inject('programs');
const nowhere = '/nowhere/nginx.pid';

describe.skipIf(!nginx || !openssl)('findMaster', () => {
  const running: { place: NginxPlace; server: TestServer }[] = [];
  beforeAll(async () => {
    const pair = await selfSigned(await mkdtemp(join(tmpdir(), 'lamplight-pair-')), ['one.test']);
    for (let count = 0; count < 2; count += 1) {
      const place = await nginxPlace(nginx ?? '', pair);
      running.push({ place, server: await place.start() });
    }
  });
  afterAll(() => Promise.all(running.map(({ server }) => server.stop())));

  it('finds the one that the pid file names', async () => {
    for (const { place, server } of running) {
      expect(await findMaster({ pidFile: place.pidFile, configuration: '/nowhere' })).toBe(server.process.pid);
    }
  });

  it('finds the one that was started with the configuration, without a pid file or with an old one', async () => {
    const old = join(await mkdtemp(join(tmpdir(), 'lamplight-pid-')), 'nginx.pid');
    await writeFile(old, `${process.pid}\n`);
    for (const { place, server } of running) {
      for (const pidFile of [nowhere, old]) {
        expect(await findMaster({ pidFile, configuration: place.configuration })).toBe(server.process.pid);
      }
    }
  });

  it('takes no other Nginx for it', async () => {
    const { dir, configuration } = running[0]?.place ?? expect.fail();
    for (const other of [dir, configuration.slice(0, -1), configuration.slice(1)]) {
      expect(await findMaster({ pidFile: nowhere, configuration: other })).toBeUndefined();
    }
  });

  it('chooses none of two that were started with the same configuration', async () => {
    const { place } = running[0] ?? expect.fail();
    const pair = await selfSigned(place.dir, ['two.test']);
    const second = await nginxPlace(nginx ?? '', pair);
    await copyFile(join(second.configuration, 'nginx.conf'), join(place.configuration, 'nginx.conf'));
    const server = await startServer(
      nginx ?? '',
      ['-c', join(place.configuration, 'nginx.conf'), '-g', 'daemon off;'],
      {
        port: second.port,
        url: `https://127.0.0.1:${second.port}`,
      },
    );
    expect(await findMaster({ pidFile: nowhere, configuration: place.configuration })).toBeUndefined();
    await server.stop();
  });

  it('knows the workers of one master, and those alone', async () => {
    const [first, second] = await Promise.all(running.map(({ server }) => workersOf(server.process.pid ?? 0)));
    expect([first?.size, second?.size]).toEqual([1, 1]);
    for (const pid of first ?? []) {
      expect(second).not.toContain(pid);
      expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).toContain('worker process');
    }
  });
});
