import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach } from 'vitest';
import { libraryCollections, openLibraryRecords } from '#domain/library/library-records.ts';
import { repairMedia } from '#domain/stories/repair-media.ts';
import { storyRecord } from '#domain/stories/story-record.fixture.ts';
import { openStoryRecords, storyCollections } from '#domain/stories/story-records.ts';
import type { Blobs } from '#platform/blobs/blobs.ts';
import { openBlobs } from '#platform/blobs/open-blobs.ts';
import { systemClock } from '#platform/clock.ts';
import { migrationStates } from '#platform/store/migration-state.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { AnyCollectionSpec, Doc, Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { allBlobs } from './all-blobs.ts';
import { headerOf } from './archive.fixture.ts';
import { type Release, restoreArchive } from './restore-archive.ts';
import { writeArchive } from './write-archive.ts';

const { logger } = collectingLogger();

const tools = { clock: systemClock, logger };
const specs = [storyCollections.stories, libraryCollections.characters];
export const release: Release = {
  version: '1.2.3',
  specs,
  migrations: [],
  repair: (store, blobs) =>
    repairMedia({ stories: openStoryRecords(store), library: openLibraryRecords(store), blobs }),
};
const header = () => headerOf({ collections: specs.map(({ name, version }) => ({ name, version })) });
const signal = new AbortController().signal;
const onProgress = () => {};

export const put = async (blobs: Blobs, id: string, size: number, mediaType = 'audio/mpeg') => {
  const bytes = randomBytes(size);
  await blobs.put(id, [bytes], { mediaType, maxBytes: 1e8 });
  return bytes;
};
export const bytesOf = async (blobs: Blobs, id: string) => {
  const stream = await blobs.read(id);
  return stream && (await buffer(stream));
};
export const listed = async (blobs: Blobs) =>
  (await allBlobs(blobs, signal)).map(({ writtenAt: _, ...known }) => known);

export async function backUp(store: Store, blobs: Pick<Blobs, 'list' | 'info' | 'read'>) {
  const sources = specs.map((spec) => ({
    spec,
    documents: () => store.collection<Doc>(spec as AnyCollectionSpec).scan(),
  }));
  const pieces: Buffer[] = [];
  const out = new PassThrough();
  out.on('data', (piece: Buffer) => pieces.push(piece));
  const { manifest } = await writeArchive({ header: header(), sources, blobs, out, signal, onProgress });
  return { archive: Buffer.concat(pieces), manifest };
}
export const restore = (archive: Uint8Array, store: Store, blobs: Blobs, into = release) =>
  restoreArchive({ input: Readable.from([archive]), store, blobs, release: into, signal, onProgress });

export const storyIn = (store: Store) => openStoryRecords(store).stories.get('s');

/** Stores and blobs of a test file, which are closed and removed after each test. */
export function archivedPlaces() {
  const ending: Array<() => Promise<void>> = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });
  const opened = <T extends Store | Blobs>(port: T): T => {
    ending.push(() => port.close());
    return port;
  };
  async function folder(): Promise<Blobs> {
    const dataDir = await mkdtemp(join(tmpdir(), 'lamplight-archive-blobs-'));
    ending.push(() => rm(dataDir, { recursive: true }));
    return opened(await openBlobs({ kind: 'embedded', dataDir }, tools));
  }
  const gridFs = async (mongodbUri: string): Promise<Blobs> => {
    const uri = new URL(mongodbUri);
    uri.pathname = `/archive-blobs-${randomUUID()}`;
    return opened(await openBlobs({ kind: 'servers', mongodbUri: uri.href, redisUrl: '' }, tools));
  };

  const newStore = async (): Promise<Store> => {
    const store = opened(await openSqliteStore({ file: ':memory:', logger }));
    await store.prepare([...specs, migrationStates]);
    return store;
  };
  /** A story and a character with what they refer to. */
  const withStory = async () => {
    const [store, blobs] = [await newStore(), await folder()];
    const followUp = { state: 'ready', tries: 1, at: 1 } as const;
    await put(blobs, 's-picture-1', 10);
    await put(blobs, 's-narration-1', 2_500_000);
    await put(blobs, 'c-picture-1', 10);
    const story = storyRecord({
      _id: 's',
      picture: { blobId: 's-picture-1', mediaType: 'image/png' },
      narration: { blobId: 's-narration-1', mediaType: 'audio/mpeg', seconds: 9, cues: [] },
      followUps: { narration: followUp, picture: followUp, mail: followUp, notice: followUp },
    });
    await openStoryRecords(store).stories.insert(story);
    await openLibraryRecords(store).characters.insert({
      _id: 'c',
      ownerId: 'owner',
      createdAt: 0,
      name: 'Fox',
      who: 'a fox',
      traits: ['sly', 'kind', 'red'],
      picture: { blobId: 'c-picture-1', mediaType: 'image/png' },
    });
    return { store, blobs, story };
  };
  return { folder, gridFs, newStore, withStory };
}
