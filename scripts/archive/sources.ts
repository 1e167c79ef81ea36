import { chatCollections, openChatRecords } from '#domain/chat/chat-records.ts';
import { runArchiver } from '#domain/runs/archive-runs.ts';
import { usageArchiver } from '#domain/usage/archive-usage.ts';
import { usageCollections } from '#domain/usage/usage-records.ts';
import type { Clock } from '#platform/clock.ts';
import type { CollectionSpec, Doc, Store } from '#platform/store/store.ts';
import { collections } from '#services/foundation/foundation.ts';
import type { ArchiveSource } from './write-archive.ts';

/** All that this release keeps, as a backup that begins now writes it. */
export async function archiveSources(store: Store, clock: Clock): Promise<readonly ArchiveSource[]> {
  const { runs } = chatCollections;
  const archiveRun = await runArchiver(openChatRecords(store), clock);
  const { hours, shares } = usageCollections;
  const usage = usageArchiver();
  const written = new Map<string, () => AsyncIterable<Doc>>([
    [runs.name, () => each(store, runs, archiveRun)],
    [hours.name, () => each(store, hours, usage.hour)],
    [shares.name, () => each(store, shares, usage.share)],
  ]);
  return collections.map((spec) => ({
    spec,
    documents: written.get(spec.name) ?? (() => store.collection(spec).scan()),
  }));
}

async function* each<T extends Doc>(
  store: Store,
  spec: CollectionSpec<T>,
  write: (doc: T) => Doc | undefined,
): AsyncGenerator<Doc> {
  for await (const doc of store.collection(spec).scan()) {
    const written = write(doc);
    if (written) yield written;
  }
}
