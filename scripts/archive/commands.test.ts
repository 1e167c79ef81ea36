import { once } from 'node:events';
import { closeSync, createReadStream, openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { chatCollections } from '#domain/chat/chat-records.ts';
import { runRecord } from '#domain/runs/run-record.fixture.ts';
import { storyRecord } from '#domain/stories/story-record.fixture.ts';
import { openStoryRecords } from '#domain/stories/story-records.ts';
import { openBlobs } from '#platform/blobs/open-blobs.ts';
import { systemClock } from '#platform/clock.ts';
import { connectRedis, disconnectRedis, firstAttempt } from '#platform/redis/connect-redis.ts';
import { migrationStates, stateId } from '#platform/store/migration-state.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import { collections } from '#services/foundation/foundation.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { waitFor } from '#tests/servers/child.ts';
import { startRedis } from '#tests/servers/programs.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { backup } from './backup-command.ts';
import { runScript, spawnScript } from './commands.fixture.ts';
import { restore } from './restore-command.ts';
import type { CommandContext } from './run-command.ts';

// Each case starts processes.
vi.setConfig({ testTimeout: 60_000 });

const dir = await mkdtemp(join(tmpdir(), 'lamplight-commands-'));
afterAll(() => rm(dir, { recursive: true }));
const { logger } = collectingLogger();
const open = (dataDir: string) => openSqliteStore({ file: join(dataDir, 'lamplight.db'), logger });
const folder = () => mkdtemp(join(dir, 'data-'));
const context = (dataDir: string): CommandContext => ({
  environment: { DATA_DIR: dataDir },
  signal: new AbortController().signal,
  say: () => {},
  logger,
});
const env = (dataDir: string) => ({ cwd: dir, env: { DATA_DIR: dataDir } });

const runCount = 20_000;
let source: string;
let archive: string;
beforeAll(async () => {
  source = await folder();
  const store = await open(source);
  await store.prepare([...collections, migrationStates]);
  await store.collection(migrationStates).insert({ _id: stateId, number: 0, done: [], term: 0, served: 0 });
  const runs = store.collection(chatCollections.runs);
  const all = Array.from({ length: runCount }, (_, n) => {
    const id = String(n).padStart(6, '0');
    const own = { _id: id, slot: id, clientMessageId: id, settled: true, status: 'complete' as const };
    return runRecord({ ...own, text: crypto.getRandomValues(Buffer.alloc(96)).toString('base64') });
  });
  for (let at = 0; at < all.length; at += 1_000) await runs.insertMissing(all.slice(at, at + 1_000));
  await store.close();
  archive = join(dir, 'all.tar.zst');
  const made = await runScript('backup', ['--out', archive, '--json'], env(source));
  expect(made, made.stderr).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(made.stdout)).toMatchObject({ archive, records: runCount, collections: { runs: runCount } });
});

describe('scripts/backup', () => {
  it('explains itself, and what was called wrongly', async () => {
    const unknown = await runScript('backup', ['--outt', 'x'], env(source));
    expect(unknown).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining("Unknown option '--outt'") });
    expect(unknown.stderr).toContain('Usage: node scripts/backup.ts --out FILE');
    const call = (...args: string[]) => backup(args, context(source));
    await expect(call()).rejects.toThrow('Say where the archive goes: --out FILE.');
    await expect(call('--out', archive)).rejects.toThrow(`${archive} is there already. Name another file`);
    await expect(call('--out', join(dir, 'no/where'))).rejects.toThrow('Name another place with --out');
  });

  it('names wrong settings without their secrets, and a database that is not there', async () => {
    const half = { cwd: dir, env: { MONGODB_URI: 'mongodb://ann:secret@127.0.0.1:1/x' } };
    const refused = await runScript('backup', ['--out', join(dir, 'x')], half);
    expect(refused).toMatchObject({ code: 78, stderr: expect.stringContaining('REDIS_URL: is missing') });
    const away = { cwd: dir, env: { ...half.env, REDIS_URL: 'redis://127.0.0.1:1' } };
    const failed = await runScript('backup', ['--out', join(dir, 'x')], away);
    expect(failed.code, failed.stderr).toBe(1);
    expect(refused.stderr + failed.stderr).not.toContain('secret');
    const empty = await folder();
    const nothing = backup(['--out', join(dir, 'x')], context(empty));
    await expect(nothing).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await readdir(empty)).toEqual([]);
  });

  it('writes a file for its owner alone', async () => {
    expect((await stat(archive)).mode & 0o777).toBe(0o600);
    expect((await readdir(dir)).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('leaves nothing under the name where the disk is full, and says so', async () => {
    const place = await folder();
    const full = await runScript('backup', ['--out', join(place, 'x')], { ...env(source), largestFile: 65_536 });
    expect(full).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^EFBIG.*\n$/) });
    expect(await readdir(place)).toEqual([]);
  });

  it('fails where what it pipes into is full', async () => {
    const stdout = openSync('/dev/full', 'w');
    const full = await runScript('backup', ['--out', '-'], { ...env(source), stdout });
    closeSync(stdout);
    expect(full).toMatchObject({ code: 1, stderr: expect.stringMatching(/^(.*ENOSPC.*)\n$/) });
  });

  it('leaves nothing under the name when it is ended in the middle, and cleans up where it can', async () => {
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const place = await folder();
      const child = spawnScript('backup', ['--out', join(place, 'x')], env(source));
      const exit = once(child, 'exit');
      await waitFor(async () => (await readdir(place)).length > 0, { what: 'the file', everyMs: 1, timeoutMs: 40_000 });
      child.kill(signal);
      const said = child.stderr ? await text(child.stderr) : '';
      const [code] = await exit;
      const left = await readdir(place);
      expect(left, signal).not.toContain('x');
      if (signal === 'SIGTERM')
        expect({ left, code, said }).toEqual({ left: [], code: 1, said: 'Stopped by SIGTERM.\n' });
    }
  });
});

describe('scripts/restore', () => {
  it('explains itself, and what was called wrongly', async () => {
    const help = await runScript('restore', ['--help'], env(source));
    expect(help).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Usage: node scripts/restore.ts --in FILE'),
    });
    const call = (...args: string[]) => restore(args, context(source));
    await expect(call()).rejects.toThrow('Say which archive: --in FILE.');
    await expect(call('--in', join(dir, 'nothing'))).rejects.toThrow(/nothing cannot be read \(ENOENT/);
    await expect(call('--in', archive)).rejects.toThrow('this one holds runs (20000). Nothing was changed.');
  });

  it('checks an archive without any system, also from a pipe', async () => {
    const checked = await runScript('restore', ['--in', archive, '--verify-only'], { cwd: dir });
    expect(checked, checked.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(checked.stdout).toMatch(
      /^Verified .*all\.tar\.zst: 20000 records \(.*runs 20000\b.*\) and 0 pictures and voices in [\d.]+ s\.\n$/,
    );
    const piped = spawnScript('restore', ['--in', '-', '--verify-only'], { cwd: dir });
    const exit = once(piped, 'exit');
    if (piped.stdin) await pipeline(createReadStream(archive), piped.stdin);
    expect(await exit).toEqual([0, null]);
  });

  it('brings pictures and voices along', async () => {
    const [from, to] = [await folder(), await folder()];
    const store = await open(from);
    await store.prepare([...collections, migrationStates]);
    await store.collection(migrationStates).insert({ _id: stateId, number: 0, done: [], term: 0, served: 0 });
    const picture = { blobId: 's-picture-1', mediaType: 'image/png' };
    await openStoryRecords(store).stories.insert(storyRecord({ _id: 's', picture }));
    await store.close();
    const blobsIn = (dataDir: string) => openBlobs({ kind: 'embedded', dataDir }, { clock: systemClock, logger });
    const bytes = crypto.getRandomValues(Buffer.alloc(60_000));
    const before = await blobsIn(from);
    await before.put(picture.blobId, [bytes], { mediaType: picture.mediaType, maxBytes: 1e6 });
    await before.close();
    const file = join(dir, 'with-blobs.tar.zst');
    const made = await runScript('backup', ['--out', file, '--json'], env(from));
    expect(JSON.parse(made.stdout), made.stderr).toMatchObject({ records: 1, collections: { stories: 1 }, blobs: 1 });
    const restored = await runScript('restore', ['--in', file], env(to));
    expect(restored.stdout, restored.stderr).toContain(' and 1 pictures and voices in ');
    const after = await blobsIn(to);
    expect(await (await after.read(picture.blobId))?.toArray()).toEqual([bytes]);
    expect(await after.info(picture.blobId)).toMatchObject({ mediaType: 'image/png', size: 60_000 });
    await after.close();
  });

  it('refuses a damaged or shortened file before it opens a database', async () => {
    const broken = join(dir, 'broken');
    const bytes = await readFile(archive);
    const target = await folder();
    for (const part of [bytes.subarray(0, -2_000), bytes.fill(0, bytes.length >> 1, (bytes.length >> 1) + 8)]) {
      await writeFile(broken, part);
      await expect(restore(['--in', broken], context(target))).rejects.toThrow(/damaged|cut off/);
    }
    expect(await readdir(target)).toEqual([]);
  });

  it('refuses a folder that a process uses', async () => {
    const dataDir = await folder();
    const lamplight = await startStandalone({ dir: await folder(), dataDir });
    const used = await runScript('restore', ['--in', archive], env(dataDir));
    await lamplight.stop();
    expect(used).toMatchObject({ code: 1, stderr: expect.stringContaining('Another process is using the data') });
  });

  it('that was killed lets no process run on what there is, and goes on when it is started again', async () => {
    const dataDir = await folder();
    const child = spawnScript('restore', ['--in', '-'], env(dataDir));
    const exit = once(child, 'exit');
    const bytes = await readFile(archive);
    child.stdin?.on('error', () => {}); // It is killed with some of it unread.
    child.stdin?.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
    const restored = async () =>
      (await readdir(dataDir)).includes('lamplight.db-wal') &&
      (await stat(join(dataDir, 'lamplight.db-wal'))).size > 1_000_000;
    await waitFor(restored, { what: 'a part to be restored', timeoutMs: 40_000 });
    child.kill('SIGKILL');
    await exit;
    await expect(startStandalone({ dir: await folder(), dataDir })).rejects.toThrow(
      'end it with scripts/restore first',
    );
    await expect(backup(['--out', join(dir, 'half')], context(dataDir))).rejects.toThrow('nothing to back up');
    const again = await runScript('restore', ['--in', archive], env(dataDir));
    expect(again, again.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Restored .*20000 records/) });
    const lamplight = await startStandalone({ dir: await folder(), dataDir });
    await lamplight.stop();
  });

  it.skipIf(!inject('canStartRedis') || !inject('mongodbUri'))(
    'refuses a Redis that holds anything of Lamplight',
    async () => {
      const redis = await startRedis();
      const uri = new URL(inject('mongodbUri') ?? '');
      uri.pathname = `/restore-${crypto.randomUUID()}`;
      const servers = { cwd: dir, env: { MONGODB_URI: uri.href, REDIS_URL: redis?.url } };
      const client = connectRedis(redis?.url ?? '', { role: 'commands', logger });
      await firstAttempt(client);
      await client.set('another:app', '1');
      await client.set('lamplight:run:x', '1');
      const call = () => restore(['--in', archive], { ...context(''), environment: servers.env });
      await expect(call()).rejects.toThrow('such as lamplight:run:x. Stop every process of Lamplight and empty it');
      await disconnectRedis(client);
      await redis?.stop();
      await expect(call()).rejects.toThrow();
    },
  );
});
