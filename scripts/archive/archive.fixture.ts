import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Blobs } from '#platform/blobs/blobs.ts';
import { FolderBlobs } from '#platform/blobs/folder-blobs.ts';
import { systemClock } from '#platform/clock.ts';
import type { CollectionSpec, Doc, Store } from '#platform/store/store.ts';
import { type ArchiveHeader, formatVersion, product } from './format.ts';
import { type Release, restoreArchive } from './restore-archive.ts';
import { type WriteOptions, writeArchive } from './write-archive.ts';

/** Collections of tests, with all that a declaration may have. */
interface Note extends Doc {
  readonly at?: number | undefined;
  readonly slot?: string | undefined;
  readonly title?: string | undefined;
  readonly [field: string]: unknown;
}

export const noteSpec = (name: string, version = 1): CollectionSpec<Note> => ({
  name,
  version,
  schema: z.looseObject({
    _id: z.string(),
    at: z.number().optional(),
    slot: z.string().optional(),
    title: z.string().optional(),
  }),
  indexes: [{ fields: ['at'] }, { fields: ['slot'], unique: true }],
  text: ['title'],
});

export const notes = noteSpec('notes');
export const blanks = noteSpec('blanks');
export const release: Release = {
  version: '1.2.3',
  specs: [notes, blanks],
  migrations: [],
  repair: async () => {},
};

/** A place for blobs that nobody has made yet. */
const newBlobs = (): FolderBlobs =>
  new FolderBlobs({
    folder: join(tmpdir(), `lamplight-no-blobs-${randomUUID()}`),
    clock: systemClock,
    logger: nothing,
  });
const ignore = () => {};
const nothing = { error: ignore, warn: ignore, info: ignore, debug: ignore };

export const headerOf = (changes: Partial<ArchiveHeader> = {}): ArchiveHeader => ({
  product,
  formatVersion,
  id: randomUUID(),
  release: '1.2.3',
  createdAt: '2026-01-02T03:04:05.678Z',
  migrations: { number: 0, done: [] },
  collections: [notes, blanks].map(({ name, version }) => ({ name, version })),
  ...changes,
});

const never = new AbortController().signal;

export async function writeTo(
  path: string,
  store: Store,
  header: ArchiveHeader = headerOf(),
  blobs: WriteOptions['blobs'] = newBlobs(),
) {
  const sources = [notes, blanks].map((spec) => ({ spec, documents: () => store.collection(spec).scan() }));
  return writeArchive({ header, sources, blobs, out: createWriteStream(path), signal: never, onProgress: () => {} });
}

export const restoreFrom = (
  from: string | Uint8Array,
  store: Store,
  into: Release = release,
  signal = never,
  blobs: Blobs = newBlobs(),
) =>
  restoreArchive({
    input: typeof from === 'string' ? createReadStream(from) : Readable.from([from]),
    store,
    blobs,
    release: into,
    signal,
    onProgress: () => {},
  });

export async function allOf(store: Store, spec: CollectionSpec<Note> = notes): Promise<readonly Note[]> {
  const docs: Note[] = [];
  for await (const doc of store.collection(spec).scan()) docs.push(doc);
  return docs;
}

/** Everything that a document can hold, and more of them than fit one part. */
export const variedNotes = (count: number): readonly Note[] => [
  { _id: 'plain', title: 'Straße und Öl', at: 1.5, slot: 's', deep: { z: [1, { y: null }], a: '', '10': 1, '9': 2 } },
  { _id: 'text 🌙', title: 'line\nbreak\r\n\u2028 "quoted" \\ \0 end', at: -1, empty: {}, none: [] },
  { _id: 'é', big: 9_007_199_254_740_991, small: 5e-324, large: 1.7e308, flag: false, at: 0 },
  ...Array.from({ length: count }, (_, n) => ({
    _id: `n${n}`,
    at: n,
    slot: `slot${n}`,
    text: 'words '.repeat(n % 50),
  })),
];
