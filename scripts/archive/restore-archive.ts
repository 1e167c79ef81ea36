import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Migration, MigrationState } from '#platform/store/migration-state.ts';
import { migrationStates, stateId } from '#platform/store/migration-state.ts';
import type { AnyCollectionSpec, Collection, CollectionSpec, Doc, Store } from '#platform/store/store.ts';
import { ArchiveError, type ArchiveHeader, RecordsDigest } from './format.ts';
import { type ReadResult, readArchive } from './read-archive.ts';

/** What a release can take. */
export interface Release {
  readonly version: string;
  readonly specs: readonly AnyCollectionSpec[];
  readonly migrations: readonly Migration[];
}

export interface RestoreOptions {
  readonly input: Readable;
  readonly store: Store;
  readonly release: Release;
  readonly signal: AbortSignal;
  readonly onProgress: (what: 'restored' | 'compared', collection: string, count: number) => void;
}

/** Documents of another release as they are: migrations bring them forward later. */
const anyDocument = z.looseObject({ _id: z.string() });
const asWritten = (spec: AnyCollectionSpec): CollectionSpec<Doc> => ({ ...spec, schema: anyDocument });

/**
 * Fills an empty store from an archive and compares what is stored then with it. Until that has succeeded the store is marked as
 * being restored, and no process runs on it; the same archive may be restored again to go on. Throws `ArchiveError`.
 */
export async function restoreArchive({
  input,
  store,
  release,
  signal,
  onProgress,
}: RestoreOptions): Promise<ReadResult> {
  const specs = new Map(release.specs.map((spec) => [spec.name, asWritten(spec)]));
  const states = store.collection(migrationStates);
  await store.prepare([...specs.values(), migrationStates]);
  const result = await readArchive(input, {
    onHeader: async (header) => {
      refuseNewer(header, release);
      await beginRestore(store, release, header);
    },
    onDocuments: async (name, docs, count) => {
      signal.throwIfAborted();
      await collectionOf(store, specs, name).insertMissing(docs);
      onProgress('restored', name, count);
    },
  });
  for (const content of result.manifest.contents) {
    const digest = new RecordsDigest(content.name);
    for await (const doc of collectionOf(store, specs, content.name).scan()) {
      digest.add(doc);
      signal.throwIfAborted();
      if (digest.count % 10_000 === 0) onProgress('compared', content.name, digest.count);
    }
    const { count, sha256 } = digest.content();
    if (count === content.count && sha256 === content.sha256) continue;
    throw new ArchiveError(
      `What was restored of "${content.name}" is not what the archive holds (${count} of ${content.count} documents): ` +
        'somebody else writes into this database. Stop every process of Lamplight, drop it and restore again.',
    );
  }
  await endRestore(states, result.header);
  return result;
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

/** Marks the store. Throws where it holds anything that did not come from this archive. */
async function beginRestore(store: Store, { specs }: Release, { id, migrations }: ArchiveHeader): Promise<void> {
  const states = store.collection(migrationStates);
  const state = await states.get(stateId);
  if (state?.restoring === id) return;
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
  if (there.length > 0) {
    throw new ArchiveError(
      `A restore needs an empty database, but this one holds ${there.join(', ')}. Nothing was changed.`,
    );
  }
  const fresh: MigrationState = { _id: stateId, ...migrations, term: 0, restoring: id };
  if ((await states.insertMissing([fresh])) === 0) await states.update(stateId, { set: { restoring: id } });
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
