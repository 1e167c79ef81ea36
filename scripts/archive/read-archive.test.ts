import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { notes, release, variedNotes, writeTo } from './archive.fixture.ts';
import { readArchive } from './read-archive.ts';

const dir = await mkdtemp(join(tmpdir(), 'lamplight-read-archive-'));
afterAll(() => rm(dir, { recursive: true }));

const read = (from: Uint8Array) =>
  readArchive(Readable.from([from]), { onHeader: async () => {}, onDocuments: async () => {}, onBlob: async () => {} });

describe('reading an archive', () => {
  let whole: Buffer;
  beforeAll(async () => {
    const store = await openSqliteStore({ file: ':memory:', logger: collectingLogger().logger });
    await store.prepare(release.specs);
    await store.collection(notes).insertMissing(variedNotes(300));
    await writeTo(join(dir, 'whole'), store);
    await store.close();
    whole = await readFile(join(dir, 'whole'));
  });

  it('finds any byte that was changed, where that changes anything', async () => {
    const intact = await read(whole);
    let found = 0;
    const step = Math.max(1, Math.floor(whole.length / 400));
    for (let at = 0; at < whole.length; at += step) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      try {
        // Some bytes are the compression's own: its format's spare bits, its checksum.
        expect(await read(damaged), `byte ${at}`).toEqual(intact);
      } catch (error) {
        expect(String(error), `byte ${at}`).toMatch(/damaged|not an archive|newer release/);
        found++;
      }
    }
    expect(found).toBeGreaterThan(390);
  });

  it('finds where it was cut off, wherever that is', async () => {
    for (const length of [0, 1, 10, whole.length / 4, whole.length / 2, whole.length - 100]) {
      await expect(read(whole.subarray(0, Math.floor(length))), `${length}`).rejects.toThrow('damaged or cut off');
    }
  });

  it('says so where a file is no archive of Lamplight', async () => {
    const foreign = pack();
    foreign.entry({ name: 'hello.txt' }, 'hello');
    foreign.finalize();
    const other = zstdCompressSync(await buffer(Readable.from(foreign)));
    await expect(read(other)).rejects.toThrow('a tar file, but not an archive of Lamplight');
    await expect(read(Buffer.from('{"a": 1}'))).rejects.toThrow('not an archive of Lamplight');
    await expect(read(zstdCompressSync(Buffer.from('text')))).rejects.toThrow('not an archive of Lamplight');
  });

  it('has all where only the end of the compression is missing', async () => {
    expect((await read(whole.subarray(0, -1))).manifest).toEqual((await read(whole)).manifest);
  });

  /** The archive as somebody else packed it again, who changed its entries. */
  const repacked = async (change: (name: string, text: string) => Array<[string, string]>): Promise<Buffer> => {
    const out = pack();
    const tar = zstdDecompressSync(whole);
    for (let at = 0; tar[at]; ) {
      const name = tar.toString('utf8', at, tar.indexOf(0, at));
      const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8);
      const text = tar.toString('utf8', at + 512, at + 512 + size);
      for (const [newName, newText] of change(name, text)) out.entry({ name: newName }, newText);
      at += 512 + Math.ceil(size / 512) * 512;
    }
    out.finalize();
    return zstdCompressSync(await buffer(Readable.from(out)));
  };

  it('finds what was changed by who packed it again', async () => {
    await expect(read(await repacked((name, text) => [[name, text]]))).resolves.toBeDefined();
    const part = 'records/notes/1.ndjson';
    const changes: ReadonlyArray<[string, (name: string, text: string) => Array<[string, string]>, string]> = [
      ['a word', (name, text) => [[name, name === part ? text.replace('words', 'Words') : text]], '"notes" is not'],
      ['a line less', (name, text) => [[name, name === part ? text.replace(/^.*\n/, '') : text]], '"notes" is not'],
      ['a line twice', (name, text) => [[name, name === part ? text.replace(/^.*\n/, '$&$&') : text]], 'not in order'],
      ['no document', (name, text) => [[name, name === part ? `{}\n${text}` : text]], 'else than documents'],
      ['no JSON', (name, text) => [[name, name === part ? `{\n${text}` : text]], 'is not JSON'],
      ['no part', (name, text) => (name === part ? [] : [[name, text]]), '"notes" is not'],
      [
        'another part',
        (name, text) => [
          [name, text],
          ...(name === part ? ([['records/x/1.ndjson', text]] as Array<[string, string]>) : []),
        ],
        'not in its place',
      ],
      ['no end', (name, text) => (name === 'manifest.json' ? [] : [[name, text]]), 'its end is missing'],
      [
        'more after the end',
        (name, text) => [[name, text], ...(name === 'manifest.json' ? ([['x', '']] as Array<[string, string]>) : [])],
        'x follows its end',
      ],
      [
        'another header',
        (name, text) => [[name, name === 'header.json' ? text.replace('1.2.3', '1.2.2') : text]],
        'header.json is not what',
      ],
      [
        'half a header',
        (name, text) => [[name, name === 'header.json' ? text.replace('createdAt', 'made') : text]],
        'header.json lacks',
      ],
      [
        'a newer format',
        (name, text) => [
          [name, name === 'header.json' ? text.replace('"formatVersion":1', '"formatVersion":2') : text],
        ],
        'newer release (1.2.3), in a format',
      ],
    ];
    for (const [what, change, says] of changes) {
      await expect(read(await repacked(change)), what).rejects.toThrow(says);
    }
  });

  it('does not take in an entry that would fill the memory', async () => {
    const out = pack();
    out.entry({ name: 'header.json', size: 26_000_000 }, Buffer.alloc(26_000_000).toString());
    out.finalize();
    const bomb = zstdCompressSync(await buffer(Readable.from(out)));
    await expect(read(bomb)).rejects.toThrow('larger than any that a backup writes');
  });
});
