import { Readable } from 'node:stream';
import { describe, expect, inject, it } from 'vitest';
import { openLibraryRecords } from '#domain/library/library-records.ts';
import type { Blobs } from '#platform/blobs/blobs.ts';
import { migrationStates, stateId } from '#platform/store/migration-state.ts';
import { archivedPlaces, backUp, bytesOf, listed, put, release, restore, storyIn } from './blobs.fixture.ts';
import type { Release } from './restore-archive.ts';

const mongodbUri = inject('mongodbUri') ?? '';
const { folder, gridFs, newStore, withStory } = archivedPlaces();

describe.each([
  ['a folder', 'a folder', folder, folder],
  ['a folder', 'GridFS', folder, () => gridFs(mongodbUri)],
  ['GridFS', 'a folder', () => gridFs(mongodbUri), folder],
] as const)('an archive of blobs of %s in %s', (from, to, openSource, openTarget) => {
  it.skipIf(!mongodbUri && (from === 'GridFS' || to === 'GridFS'))('brings each over as it was', async () => {
    const source = await openSource();
    const sizes = { empty: 0, one: 1, part: 1_000_000, large: 3_456_789, 'A-1_b': 300_000 };
    const all = new Map<string, Buffer>();
    for (const [id, size] of Object.entries(sizes))
      all.set(id, await put(source, id, size, `audio/${id.toLowerCase()}`));
    const { archive, manifest } = await backUp(await newStore(), source);
    expect(manifest.contents.at(-1)).toMatchObject({ kind: 'blobs', name: 'blobs', count: 5 });
    const target = await openTarget();
    await restore(archive, await newStore(), target);
    expect(await listed(target)).toEqual(await listed(source));
    for (const [id, bytes] of all) expect(await bytesOf(target, id)).toEqual(bytes);
  });
});

describe('an archive of blobs', () => {
  it('leaves records alone whose blobs came with them', async () => {
    const { store, blobs, story } = await withStory();
    const target = await newStore();
    await restore((await backUp(store, blobs)).archive, target, await folder());
    expect(await storyIn(target)).toEqual(story);
    expect((await openLibraryRecords(target).characters.get('c'))?.picture).toBeDefined();
    expect((await target.collection(migrationStates).get(stateId))?.restoring).toBeUndefined();
  });

  it('restores no record that refers to what was removed before it was written', async () => {
    const { store, blobs } = await withStory();
    await Promise.all(['s-picture-1', 's-narration-1', 'c-picture-1'].map((id) => blobs.delete(id)));
    const target = await newStore();
    await restore((await backUp(store, blobs)).archive, target, await folder());
    const story = await storyIn(target);
    expect([story?.picture, story?.narration]).toEqual([undefined, undefined]);
    const lost = { state: 'failed', reason: 'lost' };
    expect(story?.followUps).toMatchObject({ picture: lost, narration: lost, mail: { state: 'ready' } });
    expect(await openLibraryRecords(target).characters.get('c')).not.toHaveProperty('picture');
  });

  it.each(['before', 'in the middle of'])('is whole without what is removed %s its reading', async (when) => {
    const { store, blobs } = await withStory();
    const id = 's-narration-1';
    const removing = {
      list: blobs.list.bind(blobs),
      info: blobs.info.bind(blobs),
      read: async (asked: string) => {
        if (asked !== id) return blobs.read(asked);
        if (when === 'before') await blobs.delete(id);
        const stream = await blobs.read(id);
        if (!stream) return undefined;
        return Readable.from(
          (async function* () {
            let sent = 0;
            for await (const chunk of stream) {
              yield chunk;
              sent += chunk.length;
              if (sent < 1_500_000) continue;
              await blobs.delete(id);
              throw new Error('It is not there any more.');
            }
          })(),
        );
      },
    };
    const { archive, manifest } = await backUp(store, removing);
    expect(manifest.contents.at(-1)).toMatchObject({ kind: 'blobs', count: 2 });
    const [target, into] = [await newStore(), await folder()];
    await restore(archive, target, into);
    expect((await listed(into)).map((info) => info.id)).toEqual(['c-picture-1', 's-picture-1']);
    const story = await storyIn(target);
    expect([story?.narration, story?.followUps?.narration.state]).toEqual([undefined, 'failed']);
    expect(story?.picture).toBeDefined();
  });

  it('is none where a blob that is there cannot be read', async () => {
    const { store, blobs } = await withStory();
    const failing = {
      list: blobs.list.bind(blobs),
      info: blobs.info.bind(blobs),
      read: async () =>
        Readable.from(
          (async function* (): AsyncGenerator<Buffer> {
            yield Buffer.alloc(1);
            throw new Error('The disk is away.');
          })(),
        ),
    };
    await expect(backUp(store, failing)).rejects.toThrow('The disk is away.');
  });

  it('is restored into nothing that holds some already', async () => {
    const { store, blobs } = await withStory();
    const { archive } = await backUp(store, blobs);
    const into = await folder();
    await put(into, 'another', 5);
    await expect(restore(archive, await newStore(), into)).rejects.toThrow('holds pictures and voices');
    expect(await listed(into)).toHaveLength(1);
  });

  it('goes on where its restore was cut off, also after what was repaired', async () => {
    const { store, blobs } = await withStory();
    await blobs.delete('s-picture-1');
    const { archive } = await backUp(store, blobs);
    const [target, into] = [await newStore(), await folder()];
    let puts = 0;
    const stopping = new Proxy(into, {
      get: (blobs, name) =>
        name === 'put' && ++puts === 2
          ? () => Promise.reject(new Error('Stopped.'))
          : Reflect.get(blobs, name).bind?.(blobs),
    });
    await expect(restore(archive, target, stopping)).rejects.toThrow('Stopped.');
    expect(await listed(into)).toHaveLength(1);
    const repair: Release['repair'] = async (...ports) => {
      await release.repair(...ports);
      throw new Error('Stopped again.');
    };
    await expect(restore(archive, target, into, { ...release, repair })).rejects.toThrow('Stopped again.');
    expect((await storyIn(target))?.picture).toBeUndefined();
    await restore(archive, target, into);
    expect((await storyIn(target))?.followUps?.picture.state).toBe('failed');
    expect((await target.collection(migrationStates).get(stateId))?.restoring).toBeUndefined();
    expect(await listed(into)).toHaveLength(2);
  });

  it('is not taken for restored where other blobs came meanwhile', async () => {
    const { store, blobs } = await withStory();
    const { archive } = await backUp(store, blobs);
    const [target, into] = [await newStore(), await folder()];
    const meddled = new Proxy(into, {
      get: (blobs, name) =>
        name === 'put'
          ? async (...args: Parameters<Blobs['put']>) => {
              if (args[0] === 'c-picture-1') await put(blobs, 'another', 5);
              return blobs.put(...args);
            }
          : Reflect.get(blobs, name).bind?.(blobs),
    });
    await expect(restore(archive, target, meddled)).rejects.toThrow('"blobs" is not what the archive holds (4 of 3');
  });
});
