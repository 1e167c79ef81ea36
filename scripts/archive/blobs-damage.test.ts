import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { zstdCompressSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { archiveEntries } from './archive-entries.ts';
import { archivedPlaces, backUp, listed, restore, storyIn } from './blobs.fixture.ts';
import { readArchive } from './read-archive.ts';

const { folder, newStore, withStory } = archivedPlaces();

describe('an archive of blobs', () => {
  /** The archive as somebody else packed it again, who changed its entries. */
  async function repacked(archive: Buffer, change: Change) {
    const out = pack();
    for await (const { name, bytes } of archiveEntries(Readable.from([archive])))
      for (const [newName, content] of change(name, bytes)) out.entry({ name: newName }, content);
    out.finalize();
    return zstdCompressSync(await buffer(Readable.from(out)));
  }
  type Change = (name: string, bytes: Buffer) => readonly [string, Buffer][];
  const last = 'blobs/s-narration-1/3';
  const ignoring = { onHeader: async () => {}, onDocuments: async () => {}, onBlob: async () => {} };

  it.each([
    [
      'a byte',
      (name, bytes) => [[name, name === last ? Buffer.from(bytes).fill(1, 0, 1) : bytes]],
      'is not what was written',
    ],
    ['a piece less', (name, bytes) => (name === last ? [] : [[name, bytes]]), '"blobs" is not'],
    [
      'a piece more',
      (name, bytes) =>
        name === last
          ? [
              [name, bytes],
              ['blobs/s-narration-1/4', bytes],
            ]
          : [[name, bytes]],
      'is not what was written',
    ],
    ['a piece elsewhere', (name, bytes) => [[name === last ? 'blobs/s-narration-1/5' : name, bytes]], 'damaged'],
    ['a blob less', (name, bytes) => (name.startsWith('blobs/c-') ? [] : [[name, bytes]]), '"blobs" is not'],
    ['all blobs less', (name, bytes) => (name.startsWith('blobs/') ? [] : [[name, bytes]]), '"blobs" is not'],
    [
      'another type',
      (name, bytes) => [
        [name, name.endsWith('info.json') ? Buffer.from(String(bytes).replace('audio/mpeg', 'text/html_')) : bytes],
      ],
      '"blobs" is not',
    ],
    ['another id', (name, bytes) => [[name.replace('blobs/c-', 'blobs/d-'), bytes]], 'not in its place'],
  ] satisfies readonly [string, Change, string][])(
    'tells where it has %s than was written, whether it is restored or checked',
    async (_, change, says) => {
      const { store, blobs } = await withStory();
      const { archive } = await backUp(store, blobs);
      const changed = await repacked(archive, change);
      await expect(readArchive(Readable.from([changed]), ignoring)).rejects.toThrow(says);
      const into = await folder();
      await expect(restore(changed, await newStore(), into)).rejects.toThrow(says);
      if (_ === 'a byte') expect((await listed(into)).map(({ id }) => id)).not.toContain('s-narration-1');
    },
  );

  it('may come from a release that had none', async () => {
    const { store } = await withStory();
    const { archive } = await backUp(store, await folder());
    const older = await repacked(archive, (name, bytes) => {
      if (name !== 'manifest.json') return [[name, bytes]];
      const { contents, ...rest } = JSON.parse(String(bytes));
      const records = contents.filter(({ kind }: { kind: string }) => kind === 'records');
      return [[name, Buffer.from(JSON.stringify({ ...rest, contents: records }))]];
    });
    const target = await newStore();
    await restore(older, target, await folder());
    expect((await storyIn(target))?.followUps?.picture.state).toBe('failed');
  });
});
