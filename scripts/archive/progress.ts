import type { Clock } from '#platform/clock.ts';
import type { ArchiveContent, ArchiveManifest } from './format.ts';

const everyMs = 5_000;

/** Says every few seconds how far the work has come. */
export function createProgress(say: (line: string) => void, clock: Clock): (doing: string, count: number) => void {
  let last = clock.monotonic();
  return (doing, count) => {
    if (clock.monotonic() - last < everyMs) return;
    last = clock.monotonic();
    say(`${doing}: ${count.toLocaleString('en')} records`);
  };
}

export interface Summary {
  readonly archive: string;
  readonly release: string;
  readonly createdAt: string;
  readonly records: number;
  readonly collections: Readonly<Record<string, number>>;
  /** Pictures and voices. */
  readonly blobs: number;
  readonly seconds: number;
  readonly bytes?: number;
}

export function countsOf({ contents }: ArchiveManifest): Pick<Summary, 'records' | 'collections' | 'blobs'> {
  const { records = [], blobs = [] } = Object.groupBy(contents, ({ kind }) => kind);
  return {
    records: sumOf(records),
    collections: Object.fromEntries(records.map(({ name, count }) => [name, count])),
    blobs: sumOf(blobs),
  };
}

const sumOf = (contents: readonly ArchiveContent[]): number => contents.reduce((sum, { count }) => sum + count, 0);

/** One line: JSON where it was asked for. */
export function summaryLine(what: string, summary: Summary, { json }: { json: boolean }): string {
  if (json) return JSON.stringify(summary);
  const { archive, records, collections, blobs, seconds, bytes } = summary;
  const parts = Object.entries(collections).map(([name, count]) => `${name} ${count}`);
  const size = bytes === undefined ? '' : `, ${(bytes / 1e6).toFixed(1)} MB`;
  return `${what} ${archive}: ${records} records (${parts.join(', ')}) and ${blobs} pictures and voices${size} in ${seconds.toFixed(1)} s.`;
}
