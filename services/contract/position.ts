/**
 * A position is `attempt-length`: how many units of that attempt's output a reader has. Text counts its UTF-16 units, a
 * part that is not text counts one. It is the run log's entry ID, the SSE `id:` and the frame's `at`.
 */
export interface Position {
  readonly attempt: number;
  /** Units of output; `Infinity` is the place of `done`, after every other entry of its attempt. */
  readonly length: number;
}

/** The greatest sequence of a Redis stream ID (2^64 - 1): where `done` stands. */
const doneLength = '18446744073709551615';
const form = /^(\d{1,15})-(\d{1,20})$/;

export const formatPosition = ({ attempt, length }: Position): string =>
  `${attempt}-${length === Number.POSITIVE_INFINITY ? doneLength : length}`;

/** Reads a position; `undefined` where the text is malformed (a reader of it starts over). */
export function parsePosition(text: string): Position | undefined {
  const match = form.exec(text);
  if (!match?.[1] || !match[2]) return undefined;
  const length = match[2] === doneLength ? Number.POSITIVE_INFINITY : Number(match[2]);
  return { attempt: Number(match[1]), length };
}

/** Negative where `a` lies before `b`, 0 where they are the same, positive where it lies after. */
export const comparePositions = (a: Position, b: Position): number =>
  a.attempt - b.attempt || (a.length === b.length ? 0 : a.length - b.length);
