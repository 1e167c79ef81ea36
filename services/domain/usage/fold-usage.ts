import { isAppError } from '#platform/errors.ts';
import {
  type FoldedIn,
  hourKey,
  type UsageHour,
  type UsageLine,
  type UsageRecords,
  type UsageShare,
} from './usage-records.ts';
import { addCounts, entriesOf } from './usage-shares.ts';

export const foldEveryMs = 2_000;
const mostShares = 200;
/** Documents that are written at a time. */
const atATime = 8;

export interface Folding {
  readonly records: UsageRecords;
  readonly newId: () => string;
}

/**
 * Adds shares to the documents of their hours, each line of each once, whoever else folds meanwhile and wherever a process stops. The
 * documents are read first and the shares after them. A document names in `folding` the shares that it has and that may not be
 * marked so yet; one that a later reader finds marked is left out of it, and of the sum. The update holds only where the document is
 * still as it was read. So a share that is unmarked and not named is not in it, and one is marked when all its documents have it.
 *
 * True where more shares may wait.
 */
export async function foldUsage({ records, newId }: Folding, most = mostShares): Promise<boolean> {
  const sort = { by: ['kind', 'createdAt'], direction: 'asc' } as const;
  const { items } = await records.shares.find({ where: { folded: false }, sort, limit: most });
  const lines = new Map(items.flatMap((share) => share.lines.map((line) => [hourKey(line), line])));
  const keys = [...lines.keys()];
  const hours = await openHours({ records, newId }, lines);
  const named = [...hours.values()].flatMap(({ folding }) => folding);
  const unmarked = await readUnmarked(records, [...new Set([...items.map(({ _id }) => _id), ...named])]);
  const shares = items.filter(({ _id }) => unmarked.has(_id));

  const byKey = linesByKey(shares);
  const foldedInto = new Map<string, FoldedIn>();
  await inTurns(keys, async (key) => {
    const folded = await foldInto(records, { lines: byKey.get(key) ?? [], hour: hours.get(key), unmarked });
    if (folded) foldedInto.set(key, folded);
  });
  await inTurns(shares, async ({ _id, lines }) => {
    const foldedIn = lines.map((line) => foldedInto.get(hourKey(line)));
    if (!foldedIn.includes(undefined))
      await records.shares.update(_id, { set: { folded: true, foldedIn } }, { folded: false });
  });
  return items.length === most;
}

interface LineOfShare {
  readonly shareId: string;
  readonly line: UsageLine;
}

/** One for each share and document: a share has no two lines of one document. */
function linesByKey(shares: readonly UsageShare[]): Map<string, LineOfShare[]> {
  const all = shares.flatMap(({ _id, lines }) => lines.map((line) => ({ shareId: _id, line })));
  return Map.groupBy(all, ({ line }) => hourKey(line));
}

/** The documents of these lines. One that is missing is made empty and read then: what is in it is never older than that reading. */
async function openHours({ records, newId }: Folding, lines: ReadonlyMap<string, UsageLine>) {
  const found = await readHours(records, [...lines.keys()]);
  const missing = [...lines].filter(([key]) => !found.has(key));
  if (missing.length === 0) return found;
  const blanks = missing.map(([key, { personId, model, hour, at }]) => {
    return { _id: newId(), key, personId, model, hour, lastAt: at, counts: {}, version: 0, folding: [] };
  });
  try {
    await records.hours.insertMissing(blanks);
  } catch (error) {
    // Another process made some of them.
    if (!isAppError(error, 'conflict')) throw error;
  }
  const made = await readHours(
    records,
    missing.map(([key]) => key),
  );
  return new Map([...found, ...made]);
}

async function readHours({ hours }: UsageRecords, keys: readonly string[]): Promise<Map<string, UsageHour>> {
  const found = new Map<string, UsageHour>();
  for (let at = 0; at < keys.length; at += 1_000) {
    const page = await hours.find({ where: { key: { in: keys.slice(at, at + 1_000) } }, limit: 1_000 });
    for (const hour of page.items) found.set(hour.key, hour);
  }
  return found;
}

/** Those of these shares that are not marked. One that is gone was marked. */
async function readUnmarked({ shares }: UsageRecords, ids: readonly string[]): Promise<Set<string>> {
  const unmarked = new Set<string>();
  for (let at = 0; at < ids.length; at += 1_000) {
    for (const { _id, folded } of await shares.getMany(ids.slice(at, at + 1_000), ['folded'])) {
      if (!folded) unmarked.add(_id);
    }
  }
  return unmarked;
}

interface HourAndLines {
  readonly lines: readonly LineOfShare[];
  readonly hour: UsageHour | undefined;
  readonly unmarked: ReadonlySet<string>;
}

/** Where all of `lines` are; undefined where another process changed the document meanwhile. */
async function foldInto(
  { hours }: UsageRecords,
  { lines, hour, unmarked }: HourAndLines,
): Promise<FoldedIn | undefined> {
  if (!hour) return undefined;
  const missing = lines.filter(({ shareId }) => !hour.folding.includes(shareId));
  if (missing.length === 0) return { hourId: hour._id, version: hour.version };
  const counts = {};
  for (const { line } of missing) addCounts(counts, line.counts);
  const increment = Object.fromEntries(entriesOf(counts).map(([name, count]) => [`counts.${name}`, count]));
  const lastAt = Math.max(hour.lastAt, ...missing.map(({ line }) => line.at));
  const stillNamed = hour.folding.filter((shareId) => unmarked.has(shareId));
  const folding = [...stillNamed, ...missing.map(({ shareId }) => shareId)];
  const version = hour.version + 1;
  const change = { set: { lastAt, folding, version }, increment };
  const changed = await hours.update(hour._id, change, { version: hour.version }, ['version']);
  return changed && { hourId: hour._id, version };
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += atATime) {
    await Promise.all(items.slice(at, at + atATime).map(work));
  }
}
