import type { Clock } from '#platform/clock.ts';
import type { ArchiveManifest } from './format.ts';

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
  readonly seconds: number;
  readonly bytes?: number;
}

export const countsOf = ({ contents }: ArchiveManifest): Pick<Summary, 'records' | 'collections'> => ({
  records: contents.reduce((sum, { count }) => sum + count, 0),
  collections: Object.fromEntries(contents.map(({ name, count }) => [name, count])),
});

/** One line: JSON where it was asked for. */
export function summaryLine(what: string, summary: Summary, { json }: { json: boolean }): string {
  if (json) return JSON.stringify(summary);
  const { archive, records, collections, seconds, bytes } = summary;
  const parts = Object.entries(collections).map(([name, count]) => `${name} ${count}`);
  const size = bytes === undefined ? '' : `, ${(bytes / 1e6).toFixed(1)} MB`;
  return `${what} ${archive}: ${records} records (${parts.join(', ')})${size} in ${seconds.toFixed(1)} s.`;
}
