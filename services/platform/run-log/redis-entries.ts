import { partKind, runOutcome } from '#contract/conversations.ts';
import { formatPosition, type Position, parsePosition } from '#contract/position.ts';
import type { LogEntry } from './run-log.ts';

/** The stream of a run. */
export const runLogKey = (runId: string): string => `lamplight:run:${runId}`;

/** The greatest sequence but one: behind all output that there can be, before `done`. */
const beforeDone = '18446744073709551614';

/** A position as the ID of a stream entry. A length that no output has (a reader may name any) stays below that of `done`. */
export const streamId = (position: Position): string =>
  Number.isFinite(position.length) && position.length > Number.MAX_SAFE_INTEGER
    ? `${position.attempt}-${beforeDone}`
    : formatPosition(position);

/** An entry is one field: `open`, `done` with `outcome:length`, or the part (`index:kind`) with its text. */
export function encodeEntry(entry: LogEntry): [field: string, value: string] {
  if (entry.kind === 'output') return [`${entry.part.index}:${entry.part.kind}`, entry.text];
  return entry.kind === 'done' ? ['done', `${entry.outcome}:${entry.length}`] : ['open', ''];
}

/** `undefined` for an entry that this release does not know: a later one may write it while both run. */
export function decodeEntry(id: string, [field, value]: readonly string[]): LogEntry | undefined {
  const at = parsePosition(id);
  if (!at || field === undefined || value === undefined) return undefined;
  if (field === 'open') return { kind: 'open', at };
  const [head, tail] = halves(field === 'done' ? value : field);
  if (field === 'done') {
    const outcome = runOutcome.options.find((option) => option === head);
    return outcome && { kind: 'done', at, outcome, length: Number(tail) };
  }
  const kind = partKind.options.find((option) => option === tail);
  return kind && { kind: 'output', at, part: { index: Number(head), kind }, text: value };
}

function halves(text: string): [string, string] {
  const colon = text.indexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1)];
}
