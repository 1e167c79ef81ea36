import type { PartKind } from '#contract/conversations.ts';
import { formatPosition, type Position } from '#contract/position.ts';
import type { LogEntry, OutputEntry } from '#platform/run-log/run-log.ts';
import { isHighSurrogate, slicePieces } from './output.ts';
import { isLive, type OutputPiece, type RunRecord } from './run-records.ts';

/** What is longer leaves in several deltas, so that a slow reader has got somewhere before it has got all. In UTF-16 units. */
const longestDelta = 16_384;

/** Where a reader's share of an answer goes. */
export interface AnswerDeltas {
  delta(at: string, text: string, part: { readonly index: number; readonly kind: PartKind }): void;
  /** Forget what came so far: the answer begins anew. `at` is the start of its attempt. */
  reset(at: string): void;
  /** False while the reader has more than it takes: the rest is kept from it until it has caught up. */
  readonly writable: boolean;
}

/** What a checkpoint, or the final run, says of the output. */
export type StoredOutput = Pick<RunRecord, 'attempt' | 'length' | 'status'> & {
  readonly output: readonly OutputPiece[];
};

/**
 * How far one reader is, and what of an entry is new to it. It skips what it has, never crosses a gap, and starts over
 * where a later attempt has begun. It decides alone; whoever holds it reads the log and the store.
 */
export class AnswerReader {
  #position: Position | undefined;

  /** `position`: what the reader has already; undefined for nothing. */
  constructor(position: Position | undefined) {
    this.#position = position;
  }

  get position(): Position | undefined {
    return this.#position;
  }

  /**
   * `gap`: the entry lies beyond what the reader has; nothing was handed on. `full`: it takes no more, the entry's rest is still
   * to come. `done`: the log says that the run is over.
   */
  accept(entry: LogEntry, to: AnswerDeltas): 'ok' | 'gap' | 'full' | 'done' {
    const own = this.#position;
    if (own && entry.at.attempt < own.attempt) return 'ok';
    if (entry.kind === 'done') return 'done';
    if (!own || entry.at.attempt > own.attempt) this.startAttempt(entry.at.attempt, to);
    return entry.kind === 'open' ? 'ok' : this.#acceptOutput(entry, to);
  }

  /** Takes what the store has beyond the reader's position; where an ended run differs, starts over with it. False where the reader takes no more. */
  acceptStored(run: StoredOutput, to: AnswerDeltas): boolean {
    const own = this.#position;
    const differs =
      own !== undefined && (own.attempt > run.attempt || (own.attempt === run.attempt && own.length > run.length));
    if (differs && isLive(run)) return true;
    if (!own || own.attempt !== run.attempt || differs) this.startAttempt(run.attempt, to);
    return slicePieces(run.output, this.#length).every(
      ({ index, kind, text }, place) => (place === 0 || to.writable) && this.#deliver(text, { index, kind }, to),
    );
  }

  /** Begins an attempt; a reader that had something is told to forget it. */
  startAttempt(attempt: number, to: AnswerDeltas): void {
    const had = this.#position;
    this.#position = { attempt, length: 0 };
    if (had) to.reset(formatPosition(this.#position));
  }

  get #length(): number {
    return this.#position?.length ?? 0;
  }

  #acceptOutput({ at, text, part }: OutputEntry, to: AnswerDeltas): 'ok' | 'gap' | 'full' {
    const have = this.#length;
    if (at.length <= have) return 'ok';
    const start = at.length - text.length;
    if (start > have) return 'gap';
    return this.#deliver(start === have ? text : text.slice(have - start), part, to) ? 'ok' : 'full';
  }

  /** False where the reader takes no more before the end of the text. */
  #deliver(text: string, part: { index: number; kind: PartKind }, to: AnswerDeltas): boolean {
    let start = 0;
    while (start < text.length) {
      if (start > 0 && !to.writable) return false;
      const end = endOfDelta(text, start);
      const attempt = this.#position?.attempt ?? 0;
      this.#position = { attempt, length: this.#length + end - start };
      to.delta(
        formatPosition(this.#position),
        start === 0 && end === text.length ? text : text.slice(start, end),
        part,
      );
      start = end;
    }
    return true;
  }
}

/** A pair of surrogates stays together. */
function endOfDelta(text: string, start: number): number {
  const end = start + longestDelta;
  if (end >= text.length) return text.length;
  return isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end;
}
