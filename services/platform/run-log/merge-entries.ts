import type { LogEntry, OutputEntry } from './run-log.ts';

/** Whether `entry` goes on where `before` ends, in the same part. */
function continues(before: OutputEntry, entry: OutputEntry): boolean {
  return (
    before.at.attempt === entry.at.attempt &&
    before.part.index === entry.part.index &&
    before.part.kind === entry.part.kind &&
    before.at.length === entry.at.length - entry.text.length
  );
}

/** The same log in fewer entries: neighbours of one part become one entry. A reader skips what it has of an entry. */
export function mergeEntries(entries: readonly LogEntry[]): LogEntry[] {
  const merged: LogEntry[] = [];
  let stretch: OutputEntry[] = [];
  const endStretch = () => {
    const last = stretch.at(-1);
    // Joined at once: adding text by text would keep every piece alive.
    if (last) merged.push(stretch.length === 1 ? last : { ...last, text: stretch.map(({ text }) => text).join('') });
    stretch = [];
  };
  for (const entry of entries) {
    const before = stretch.at(-1);
    if (entry.kind !== 'output') {
      endStretch();
      merged.push(entry);
      continue;
    }
    if (before && !continues(before, entry)) endStretch();
    stretch.push(entry);
  }
  endStretch();
  return merged;
}
