import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { waitFor } from '#tests/servers/child.ts';
import { selfSigned } from '#tests/servers/pebble.ts';
import { type NginxPlace, nginxPlace } from './running-nginx.fixture.ts';
import { servedSerial } from './served-certificate.fixture.ts';
import { type WatchOptions, watchEdge } from './watcher.ts';

const { nginx, openssl } = inject('programs');

interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** A folder as Kubernetes mounts a secret: its names lead through one link, which is replaced. */
async function secretFolder(): Promise<{ pair: Pair; put(content: Pair): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'lamplight-secret-'));
  let version = 0;
  const put = async (content: Pair) => {
    version += 1;
    const name = `..2026_${version}`;
    await mkdir(join(dir, name));
    await Promise.all([
      copyFile(content.certificate, join(dir, name, 'tls.crt')),
      copyFile(content.key, join(dir, name, 'tls.key')),
    ]);
    await symlink(name, join(dir, '..data_tmp'));
    await rename(join(dir, '..data_tmp'), join(dir, '..data'));
    await rm(join(dir, `..2026_${version - 1}`), { recursive: true, force: true });
  };
  for (const name of ['tls.crt', 'tls.key']) await symlink(`..data/${name}`, join(dir, name));
  return { pair: { certificate: join(dir, 'tls.crt'), key: join(dir, 'tls.key') }, put };
}

const newPair = async (name: string) => selfSigned(await mkdtemp(join(tmpdir(), 'lamplight-pair-')), [name]);
const serialOf = async (pair: Pair) => new X509Certificate(await readFile(pair.certificate)).serialNumber;

describe.skipIf(!nginx || !openssl)('watchEdge', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const watchOver = (place: NginxPlace, pair: Pair, times: Partial<WatchOptions> = {}) => {
    const { logger, lines } = collectingLogger();
    const { configuration, pidFile } = place;
    const watcher = watchEdge({ configuration, pair, pidFile, everyMs: 100, settleMs: 20, logger, ...times });
    ends.push(watcher.close);
    return { said: (text: RegExp) => waitFor(() => lines.find(({ message }) => text.test(message))), lines };
  };
  const prepare = async () => {
    const [secret, first] = [await secretFolder(), await newPair('one.test')];
    await secret.put(first);
    const place = await nginxPlace(nginx ?? '', secret.pair);
    const start = async () => {
      const server = await place.start();
      ends.push(server.stop);
    };
    return { ...secret, first, place, start, served: () => servedSerial(place.port, 'one.test') };
  };
  /** Nginx runs, and has taken what the watcher has it take when it begins. */
  const prepareWatched = async (times: Partial<WatchOptions> = {}) => {
    const prepared = await prepare();
    await prepared.start();
    const watched = watchOver(prepared.place, prepared.pair, times);
    await watched.said(/^Nginx was reloaded/);
    expect(await prepared.place.reloads()).toBe(1);
    return { ...prepared, ...watched };
  };

  it('reloads Nginx once for each replaced secret', async () => {
    const { put, place, served } = await prepareWatched();
    for (const [name, reloads] of [
      ['two.test', 2],
      ['three.test', 3],
    ] as const) {
      const pair = await newPair(name);
      await put(pair);
      const serial = await serialOf(pair);
      await waitFor(async () => (await served()) === serial, { what: `${name} to be served` });
      expect(await place.reloads()).toBe(reloads);
    }
  });

  it('reloads for a certificate alone that was renewed with the same key', async () => {
    const { put, first, place, served } = await prepareWatched();
    const renewed = await newPair('one.test');
    await copyFile(first.key, renewed.key);
    const { key: same } = first;
    execFileSync(openssl ?? '', ['req', '-x509', '-key', same, '-subj', '/CN=one.test', '-out', renewed.certificate]);
    await put(renewed);
    const serial = await serialOf(renewed);
    await waitFor(async () => (await served()) === serial);
    expect(await place.reloads()).toBe(2);
  });

  it.each([
    ['a garbage certificate', 'holds no certificate', async (pair: Pair) => writeFile(pair.certificate, 'garbage')],
    ['an empty key', 'no key', async (pair: Pair) => writeFile(pair.key, '')],
    [
      'the key of another',
      'another certificate',
      async (pair: Pair) => copyFile((await newPair('x.test')).key, pair.key),
    ],
    [
      'a chain with a damaged end',
      'damaged',
      async (pair: Pair) => {
        const text = await readFile(pair.certificate, 'utf8');
        await writeFile(pair.certificate, text + text.replace(/MII../, 'AAAA'));
      },
    ],
  ])('leaves Nginx alone and says why for %s, and reloads once it is put right', async (_, why, spoil) => {
    const { put, place, served, said, first } = await prepareWatched();
    const [bad, good] = [await newPair('bad.test'), await newPair('good.test')];
    await spoil(bad);
    await put(bad);
    expect((await said(/not reloaded/)).message).toContain(why);
    expect([await served(), await place.reloads()]).toEqual([await serialOf(first), 1]);
    await put(good);
    const serial = await serialOf(good);
    await waitFor(async () => (await served()) === serial);
    expect(await place.reloads()).toBe(2);
  });

  it('says that a file is missing', async () => {
    const { pair, place, said } = await prepareWatched();
    await rm(pair.key);
    expect(await said(/not reloaded: ENOENT/)).toMatchObject({ level: 'error' });
    expect(await place.reloads()).toBe(1);
  });

  it('does nothing where the same content comes again', async () => {
    const { put, first, place, served } = await prepareWatched();
    await put(first);
    const next = await newPair('two.test');
    await put(next);
    const serial = await serialOf(next);
    await waitFor(async () => (await served()) === serial);
    expect(await place.reloads()).toBe(2);
  });

  it('sees a change of the configuration deep in its folder, of which the system tells nothing', async () => {
    const { place, pair, start } = await prepare();
    const deep = join(place.configuration, 'sites', 'more');
    await mkdir(deep, { recursive: true });
    await start();
    const { said } = watchOver(place, pair);
    await said(/^Nginx was reloaded/);
    await writeFile(join(deep, 'a.conf'), '# nothing');
    await waitFor(async () => (await place.reloads()) === 2);
  });

  it('acts at once where the system tells of a change', async () => {
    const { put, served } = await prepareWatched({ everyMs: 3_600_000 });
    const pair = await newPair('two.test');
    await put(pair);
    const serial = await serialOf(pair);
    await waitFor(async () => (await served()) === serial);
  });

  it('takes several files that are written one after another for one change', async () => {
    const { place, served } = await prepareWatched({ settleMs: 2_000 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await writeFile(join(place.configuration, `${name}.conf`), '# new');
      // Time enough to be seen, and less than it takes to be acted on.
      for (let times = 0; times < 3; times += 1) await served();
    }
    expect(await place.reloads()).toBe(1);
    await waitFor(async () => (await place.reloads()) === 2);
  });

  it('says that Nginx refused a configuration, once, and reloads for the next one', async () => {
    const { place, pair, start } = await prepare();
    await start();
    const { said, lines } = watchOver(place, pair, { reloadMs: 500 });
    await said(/^Nginx was reloaded/);
    const file = join(place.configuration, 'nginx.conf');
    const good = await readFile(file, 'utf8');
    await writeFile(file, good.replace('return 200', 'nonsense 200'));
    await said(/did not take/);
    await writeFile(file, `${good}# again\n`);
    await waitFor(() => lines.filter(({ message }) => message.startsWith('Nginx was reloaded')).length === 2);
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(await place.reloads()).toBe(3);
  });

  it('says that there is no Nginx to tell, and tells it when there is', async () => {
    const { place, pair, put, start, served } = await prepare();
    const { said } = watchOver(place, pair);
    await said(/^Watching/);
    const next = await newPair('two.test');
    await put(next);
    expect(await said(/no Nginx/)).toMatchObject({ level: 'error' });
    await start();
    await said(/^Nginx was reloaded/);
    expect(await served()).toBe(await serialOf(next));
  });

  it('does not tell an Nginx that starts after it and has read the same', async () => {
    const { place, pair, put, start, served } = await prepare();
    const { said } = watchOver(place, pair);
    await said(/^Watching/);
    await start();
    const next = await newPair('two.test');
    await put(next);
    await said(/^Nginx was reloaded/);
    expect([await served(), await place.reloads()]).toEqual([await serialOf(next), 1]);
  });
});
