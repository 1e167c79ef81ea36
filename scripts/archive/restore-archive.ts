import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Blobs } from '#platform/blobs/blobs.ts';
import { isAppError } from '#platform/errors.ts';
import type { Migration, MigrationState } from '#platform/store/migration-state.ts';
import { migrationStates, stateId } from '#platform/store/migration-state.ts';
import type { AnyCollectionSpec, Collection, CollectionSpec, Doc, Store } from '#platform/store/store.ts';
import { allBlobs } from './all-blobs.ts';
import {
  type ArchiveContent,
  type ArchivedBlob,
  ArchiveError,
  type ArchiveHeader,
  BlobsDigest,
  blobsName,
  RecordsDigest,
} from './format.ts';
import { type ReadResult, readArchive } from './read-archive.ts';

/** What a release can take. */
export interface Release {
  readonly version: string;
  readonly specs: readonly AnyCollectionSpec[];
  readonly migrations: readonly Migration[];
  /** Takes from records what they refer to and is not among the blobs: it was removed as it was backed up. */
  readonly repair: (store: Store, blobs: Blobs) => Promise<unknown>;
}

export interface RestoreOptions {
  readonly input: Readable;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly release: Release;
  readonly signal: AbortSignal;
  readonly onProgress: (what: 'restored' | 'compared', collection: string, count: number) => void;
}

/** Documents of another release as they are: migrations bring them forward later. */
const anyDocument = z.looseObject({ _id: z.string() });
const asWritten = (spec: AnyCollectionSpec): CollectionSpec<Doc> => ({ ...spec, schema: anyDocument });

/** What is in the store is what the archive holds: from here on it may become other than that. */
const comparedMark = (id: string): string => `${id} compared`;

/**
 * Fills an empty store and its blobs from an archive, and compares what is stored then with it. Until that
 * has succeeded the store is marked as being restored, and no process runs on it; the same archive may be restored again to go on. Throws `ArchiveError`.
 */
export async function restoreArchive({
  input,
  store,
  blobs,
  release,
  signal,
  onProgress,
}: RestoreOptions): Promise<ReadResult> {
  const specs = new Map(release.specs.map((spec) => [spec.name, asWritten(spec)]));
  const states = store.collection(migrationStates);
  await store.prepare([...specs.values(), migrationStates]);
  let compared = false;
  const result = await readArchive(input, {
    onHeader: async (header) => {
      refuseNewer(header, release);
      compared = await beginRestore(store, blobs, release, header);
    },
    onDocuments: async (name, docs, count) => {
      signal.throwIfAborted();
      if (compared) return;
      await collectionOf(store, specs, name).insertMissing(docs);
      onProgress('restored', name, count);
    },
    onBlob: async (info, bytes, count) => {
      signal.throwIfAborted();
      if (compared) return;
      await restoreBlob(blobs, info, bytes, signal);
      onProgress('restored', blobsName, count);
    },
  });
  if (!compared) {
    for (const content of result.manifest.contents) await compare(content, { store, specs, blobs, signal, onProgress });
    await states.update(stateId, { set: { restoring: comparedMark(result.header.id) } });
  }
  await release.repair(store, blobs);
  await endRestore(states, result.header);
  return result;
}

/** What is already there came from the same archive, before its restore was cut off. */
async function restoreBlob(
  blobs: Blobs,
  { id, mediaType }: ArchivedBlob,
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await blobs.put(id, bytes, { mediaType, maxBytes: Number.MAX_SAFE_INTEGER, signal });
  } catch (error) {
    if (!isAppError(error, 'conflict')) throw error;
  }
}

interface Stored extends Pick<RestoreOptions, 'store' | 'blobs' | 'signal' | 'onProgress'> {
  readonly specs: ReadonlyMap<string, CollectionSpec<Doc>>;
}

/** Throws where something else is stored than the archive says. */
async function compare(expected: ArchiveContent, stored: Stored): Promise<void> {
  const { name, kind } = expected;
  const { store, specs, blobs, signal, onProgress } = stored;
  const digest = kind === 'blobs' ? new BlobsDigest() : new RecordsDigest(name);
  const counted = () => {
    signal.throwIfAborted();
    if (digest.count % 10_000 === 0) onProgress('compared', name, digest.count);
  };
  if (digest instanceof BlobsDigest) {
    for (const blob of await allBlobs(blobs, signal)) {
      digest.add(blob);
      counted();
    }
  } else {
    for await (const doc of collectionOf(store, specs, name).scan()) {
      digest.add(doc);
      counted();
    }
  }
  const { count, sha256 } = digest.content();
  if (count === expected.count && sha256 === expected.sha256) return;
  const what = kind === 'blobs' ? 'pictures and voices' : 'documents';
  throw new ArchiveError(
    `What was restored of "${name}" is not what the archive holds (${count} of ${expected.count} ${what}): ` +
      'somebody else writes into this database. Stop every process of Lamplight, drop it and restore again.',
  );
}

function collectionOf(store: Store, specs: ReadonlyMap<string, CollectionSpec<Doc>>, name: string): Collection<Doc> {
  const spec = specs.get(name);
  if (!spec) throw new ArchiveError(`This release knows nothing of "${name}".`);
  return store.collection(spec);
}

/** Throws where the archive may hold what this release cannot keep. */
export function refuseNewer(header: ArchiveHeader, { version, specs, migrations }: Release): void {
  const known = new Map(specs.map((spec) => [spec.name, spec.version]));
  const unknown = header.collections.find((each) => each.version > (known.get(each.name) ?? 0));
  const newer = isNewer(header.release, version) || header.migrations.number > migrations.length || unknown;
  if (!newer) return;
  const detail = unknown ? `: it does not know "${unknown.name}" in version ${unknown.version}` : '';
  throw new ArchiveError(
    `This archive was made by release ${header.release}, which is newer than this one (${version})${detail}. Restore it with that release.`,
  );
}

function isNewer(release: string, than: string): boolean {
  const numbers = (version: string) => version.split(/[-+]/, 1)[0]?.split('.').map(Number) ?? [];
  const [a, b] = [numbers(release), numbers(than)];
  const at = a.findIndex((number, index) => number !== (b[index] ?? 0));
  return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0);
}

/** Marks the store; whether all of this archive is in it already. Throws where it holds anything that did not come from it. */
async function beginRestore(
  store: Store,
  blobs: Blobs,
  { specs }: Release,
  { id, migrations }: ArchiveHeader,
): Promise<boolean> {
  const states = store.collection(migrationStates);
  const state = await states.get(stateId);
  if (state?.restoring === id || state?.restoring === comparedMark(id)) return state.restoring !== id;
  if (state?.restoring !== undefined) {
    throw new ArchiveError(
      'The restore of another archive into this database was cut off. Drop it, then restore again.',
    );
  }
  const there: string[] = [];
  for (const spec of specs) {
    const count = await store.collection(spec).count({});
    if (count > 0) there.push(`${spec.name} (${count})`);
  }
  const [blob] = await blobs.list({ writtenBefore: Number.MAX_SAFE_INTEGER, limit: 1 });
  if (blob) there.push('pictures and voices');
  if (there.length > 0) {
    throw new ArchiveError(
      `A restore needs an empty database, but this one holds ${there.join(', ')}. Nothing was changed.`,
    );
  }
  const fresh: MigrationState = { _id: stateId, ...migrations, term: 0, restoring: id };
  if ((await states.insertMissing([fresh])) === 0) await states.update(stateId, { set: { restoring: id } });
  return false;
}

/** From here on the store is a system to run. What the archive says of migrations holds, whatever an empty store had had. */
async function endRestore(states: Collection<MigrationState>, { migrations }: ArchiveHeader): Promise<void> {
  const { served, checkpoint, ...always } = migrations;
  const gone = Object.entries({ served, checkpoint }).filter(([, value]) => value === undefined);
  await states.update(stateId, {
    set: { ...always, served, checkpoint },
    unset: ['restoring', ...gone.map(([name]) => name)],
    increment: { term: 1 },
  });
}
