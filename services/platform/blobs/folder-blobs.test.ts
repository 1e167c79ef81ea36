import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { describeBlobs } from './blobs.contract.ts';
import { longestPutMs } from './blobs.ts';
import { type BlobsPlace, newId, options, putRandom, readAll, sha256 } from './blobs-testing.ts';
import { FolderBlobs } from './folder-blobs.ts';
import { fromFolder } from './folder-errors.ts';
import { openBlobs } from './open-blobs.ts';

const { logger, lines } = collectingLogger();

async function openPlace(): Promise<BlobsPlace & { readonly dataDir: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lamplight-blobs-'));
  const storage = { kind: 'embedded', dataDir } as const;
  const blobs = await openBlobs(storage, { clock: systemClock, logger });
  return {
    blobs,
    storage,
    dataDir,
    leftovers: async () => (await readdir(join(dataDir, 'blobs', 'incoming'))).length,
    close: async () => {
      await blobs.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

describeBlobs('FolderBlobs', { open: openPlace });

describe('a folder of blobs', () => {
  let place: Awaited<ReturnType<typeof openPlace>>;
  beforeEach(async () => {
    place = await openPlace();
  });
  afterEach(() => place.close());
  const files = async () =>
    (await readdir(place.dataDir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

  it('is found again by the next process', async () => {
    const { id, bytes, info } = await putRandom(place.blobs, 100_000);
    const next = await openBlobs(place.storage, { clock: systemClock, logger });
    expect(await next.info(id)).toEqual(info);
    expect(await readAll(next, id)).toEqual(bytes);
    await next.close();
  });

  it('holds one file a blob, two folders deep, for its owner alone', async () => {
    const { id } = await putRandom(place.blobs, 10);
    const [file] = await files();
    expect(file?.name).toBe(id);
    expect(file?.parentPath.slice(place.dataDir.length)).toMatch(/^\/blobs\/[0-9a-f]\/[0-9a-f]$/);
  });

  /** An id that is kept in this one of the 256 folders. */
  const idIn = (shard: string, n: number) => {
    for (let tried = 0; ; tried += 1) {
      const id = `${n}-${tried}`;
      if (sha256(Buffer.from(id)).startsWith(shard)) return id;
    }
  };

  it('lists folder by folder, and reads of the others nothing', async () => {
    const ids = ['10', '1f', '1f', '1f', '20', 'a3', 'a4'].map((shard, n) => idIn(shard, n));
    for (const id of ids.toReversed()) await putRandom(place.blobs, 5, id);
    // What is no folder cannot be read as one.
    for (const first of ['0', 'f']) {
      await mkdir(join(place.dataDir, 'blobs', first));
      await writeFile(join(place.dataDir, 'blobs', first, '0'), '');
    }
    const list = (after: string | undefined, limit: number) =>
      place.blobs.list({ writtenBefore: Number.MAX_SAFE_INTEGER, limit, after });
    await expect(list(undefined, 1)).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(list(ids[0], 100)).rejects.toMatchObject({ code: 'store_unavailable' });
    const seen = [ids[0]];
    for (let after = ids[0]; seen.length < ids.length; after = seen.at(-1)) {
      const page = await list(after, 2);
      expect(page.length).toBeGreaterThan(0);
      seen.push(...page.map(({ id }) => id));
    }
    expect(seen).toEqual(ids);
  });

  it.each([
    ['cut off', (path: string) => truncate(path, 90)],
    ['empty', (path: string) => truncate(path, 0)],
    ['another', (path: string) => writeFile(path, 'Something else, and more of it than the end is long.')],
  ])('says where a file is damaged (%s), instead of passing a part for the whole', async (_, damage) => {
    const { id } = await putRandom(place.blobs, 100);
    const [file] = await files();
    await damage(join(file?.parentPath ?? '', file?.name ?? ''));
    await expect(place.blobs.info(id)).rejects.toThrow('damaged');
    await expect(place.blobs.read(id)).rejects.toThrow('damaged');
    const other = await putRandom(place.blobs, 5);
    expect(await place.blobs.list({ writtenBefore: Date.now() + 9, limit: 9 })).toEqual([other.info]);
    expect(lines.at(-1)).toMatchObject({ level: 'warn', fields: { 'event.action': 'blob_damaged' } });
  });

  it('gives up a write that takes too long, and keeps nothing of it', async () => {
    let late = () => {};
    const clock = {
      ...systemClock,
      after: (ms: number, call: () => void) => {
        expect(ms).toBe(longestPutMs);
        late = call;
        return () => {};
      },
    };
    const blobs = new FolderBlobs({ folder: join(place.dataDir, 'blobs'), clock, logger });
    async function* still() {
      yield Buffer.alloc(10);
      late();
      await new Promise(() => {});
    }
    await expect(blobs.put(newId(), still(), options)).rejects.toThrow('within 15 minutes');
    expect(await place.leftovers()).toBe(0);
  });

  it('says plainly that the folder is gone', async () => {
    await rm(join(place.dataDir, 'blobs'), { recursive: true });
    const gone = { code: 'store_unavailable', message: expect.stringContaining('folder with the files is gone') };
    await expect(putRandom(place.blobs, 10)).rejects.toMatchObject(gone);
    await expect(place.blobs.ping()).rejects.toMatchObject(gone);
  });

  const inChild = (script: string, command: readonly string[]) => {
    const url = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
    const code = `
      import { openBlobs } from ${url('./open-blobs.ts')};
      import { systemClock } from ${url('../clock.ts')};
      const logger = { error() {}, warn() {}, info() {}, debug() {} };
      const open = () => openBlobs(${JSON.stringify(place.storage)}, { clock: systemClock, logger });
      const told = (error) => console.log(error.code, error.message, error.cause?.code);
      ${script}`;
    const [program = '', ...args] = [...command, process.execPath, '--input-type=module', '-e', code];
    const cwd = fileURLToPath(new URL('../../..', import.meta.url));
    const { stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
    return `${stdout}${stderr}`;
  };

  // The kernel refuses to let a file grow (EFBIG) as it refuses a full disk (ENOSPC): in the middle of a write.
  it('keeps nothing of what did not fit', async () => {
    const limited = ['sh', '-c', `trap '' XFSZ; ulimit -f 400; exec "$@"`, 'sh'];
    const output = inChild(
      `const blobs = await open();
       await blobs.put('big', (async function* () { for (;;) yield Buffer.alloc(50_000); })(), { mediaType: 'a/b', maxBytes: 1e9 }).catch(told);`,
      limited,
    );
    expect(output).toContain(
      'store_unavailable A file is larger than the disk with the files takes. Nothing was stored. EFBIG',
    );
    expect(await place.blobs.info('big')).toBeUndefined();
    expect(await place.leftovers()).toBe(0);
  });

  it('says plainly that it may not be written', async () => {
    await chmod(join(place.dataDir, 'blobs', 'incoming'), 0o500);
    const output = inChild(
      `const blobs = await open();
       if (process.getuid() === 0) process.setuid(65534);
       await blobs.put('a', (async function* () { yield Buffer.alloc(5); })(), { mediaType: 'a/b', maxBytes: 9 }).catch(told);
       await blobs.ping().catch(told);`,
      [],
    );
    const says = 'store_unavailable The folder with the files may not be used by this process. EACCES\n';
    expect(output).toBe(says + says);
  });

  it.each([
    ['ENOSPC', 'full'],
    ['EDQUOT', 'quota'],
    ['EROFS', 'only be read'],
    ['EMFILE', 'Too many files'],
  ])('has words for %s', (code, words) => {
    const cause = Object.assign(new Error(`${code}: as Node says it, '/a/path'`), { code });
    const error = fromFolder(cause);
    expect(error).toMatchObject({ code: 'store_unavailable', message: expect.stringContaining(words), cause });
    expect(String(error)).not.toContain('/a/path');
  });
});
