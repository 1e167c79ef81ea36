import { comparePositions, type Position } from '#contract/position.ts';
import type { LogEntry } from './run-log.ts';

/** Before every entry: attempts count from 1. */
export const beginning: Position = { attempt: 0, length: 0 };

/** The entries (in order) that lie behind `position`: the same array where all of them do. */
export function entriesBehind(entries: readonly LogEntry[], position: Position): readonly LogEntry[] {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry && comparePositions(entry.at, position) <= 0) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? entries : entries.slice(low);
}
