import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '#platform/clock.ts';
import type { Collection, Doc } from '#platform/store/store.ts';
import { LibraryError, type LibraryFiles, readLibrary } from './library-files.ts';
import { type LibraryRecords, libraryOwner, libraryStateId } from './library-records.ts';

/** How many of a kind were added, changed and removed. */
export interface SeedCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}
export type SeedResult = Readonly<Record<'characters' | 'scenes' | 'prompts', SeedCounts>>;

export interface SeedTools {
  readonly library: LibraryRecords;
  readonly clock: Clock;
}

/**
 * Makes the library what the files of a folder say: adds, changes, and removes what is no longer there; of people's own it touches
 * nothing. Repeating it completes what a stop in between left. Throws `LibraryError` before anything is changed.
 */
export async function seedLibrary(tools: SeedTools, folder: string): Promise<SeedResult> {
  const files = await readLibrary(folder);
  await refuseTaken(tools.library, files, folder);
  const { characters, scenes, prompts, state } = tools.library;
  const now = tools.clock.now();
  const result = {
    characters: await replaceLibrary(characters, files.characters, now),
    scenes: await replaceLibrary(scenes, files.scenes, now),
    prompts: await replaceLibrary(prompts, files.prompts, now),
  };
  await state.insertMissing([{ _id: libraryStateId, firstAt: now }]);
  return result;
}

/** At the first start: takes the library in, where none ever was. Undefined where one was, also where an operator emptied it. */
export async function seedFirstLibrary(tools: SeedTools, folder: string): Promise<SeedResult | undefined> {
  if (await tools.library.state.get(libraryStateId)) return undefined;
  return seedLibrary(tools, folder);
}

type Entry = { readonly id: string };
type Item = Doc & { readonly ownerId: string; readonly createdAt: number };

async function replaceLibrary<T extends Item, E extends Entry>(
  collection: Collection<T>,
  entries: readonly E[],
  now: number,
): Promise<SeedCounts> {
  const before = new Map((await libraryOf(collection)).map((record) => [record._id, record]));
  const missing = entries.filter(({ id }) => !before.has(id));
  // The schema of the collection is made from that of the entry: it is checked at the insert.
  const records = missing.map(
    ({ id, ...text }) => ({ _id: id, ownerId: libraryOwner, createdAt: now, ...text }) as unknown as T,
  );
  const added = await collection.insertMissing(records);
  let changed = 0;
  for (const { id, ...text } of entries) {
    const record = before.get(id);
    if (!record || isDeepStrictEqual({ ...record, ...text }, record)) continue;
    if (await collection.update(id, { set: text }, { ownerId: libraryOwner })) changed += 1;
  }
  const kept = new Set(entries.map(({ id }) => id));
  let removed = 0;
  for (const id of before.keys())
    if (!kept.has(id) && (await collection.delete(id, { ownerId: libraryOwner }))) removed += 1;
  return { added, changed, removed };
}

/** An id under which a person keeps something of their own is theirs. */
async function refuseTaken(library: LibraryRecords, files: LibraryFiles, folder: string): Promise<void> {
  const problems: string[] = [];
  for (const kind of ['characters', 'scenes', 'prompts'] as const) {
    const ids = files[kind].map(({ id }) => id);
    const collection: Collection<Item> = library[kind] as unknown as Collection<Item>;
    const found = ids.length > 0 ? await collection.getMany(ids, ['ownerId']) : [];
    for (const { _id, ownerId } of found)
      if (ownerId !== libraryOwner) problems.push(`${kind}.json: a person has the id ${_id} for one of their own`);
  }
  if (problems.length > 0) throw new LibraryError(folder, problems);
}

async function libraryOf<T extends Item>(collection: Collection<T>): Promise<readonly T[]> {
  const found: T[] = [];
  let cursor: string | undefined;
  do {
    const where = { ownerId: libraryOwner };
    const page = await collection.find({ where, sort: { by: ['createdAt'], direction: 'asc' }, limit: 500, cursor });
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
}
