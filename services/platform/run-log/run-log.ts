import type { PartKind, RunOutcome } from '#contract/conversations.ts';
import type { Position } from '#contract/position.ts';

/**
 * The run log carries the output of a run from the worker that makes it to everyone who reads it. Entries are ordered by
 * position; an entry at or before the last one is refused, which fences a writer that was frozen while another took over.
 * It is a relay, not the record: it may vanish (a flushed Redis), and its entries expire 10 minutes after the last append,
 * those of a finished run a minute after `done`. What is lost stands in the store.
 */
export interface RunLog {
  /** Opens an attempt with the entry `attempt-0`. */
  open(runId: string, attempt: number): Promise<AppendResult>;
  /** Appends to a log that is there. Throws `RunLogUnavailable` where the outcome is unknown: repeat, or read `last`. */
  append(runId: string, entry: OutputEntry | DoneEntry): Promise<AppendResult>;
  last(runId: string): Promise<LogEntry | undefined>;
  /** Entries after `after` in order, at most `limit` of them; `exists` is false where the log is gone. */
  read(
    runId: string,
    after: Position | undefined,
    limit: number,
  ): Promise<{ exists: boolean; entries: readonly LogEntry[] }>;
  /**
   * Follows a log from behind `after` (its beginning where undefined), also one that does not exist yet. `onEntries` gets each
   * entry once, in order, in the batches that arrive; a log that was lost and opened again is followed from the same place.
   */
  tail(runId: string, after: Position | undefined, onEntries: (entries: readonly LogEntry[]) => void): Tail;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface Tail {
  close(): void;
}

/** `gone`: there is no log to append to. `refused`: an entry at or after this position exists; read `last` to learn whose. */
export type AppendResult = 'appended' | 'gone' | 'refused';

/** The start of an attempt: `at.length` is 0. */
interface OpenEntry {
  readonly kind: 'open';
  readonly at: Position;
}

/** A stretch of one part's text, well-formed UTF-16. `at` is the position behind it, so it starts at `at.length - text.length`. */
export interface OutputEntry {
  readonly kind: 'output';
  readonly at: Position;
  readonly part: { readonly index: number; readonly kind: PartKind };
  readonly text: string;
}

/** The end of a run: `at.length` is infinite. `length` is that of the final attempt's output. A hint: the store is the record. */
export interface DoneEntry {
  readonly kind: 'done';
  readonly at: Position;
  readonly outcome: RunOutcome;
  readonly length: number;
}

export type LogEntry = OpenEntry | OutputEntry | DoneEntry;

/** The log cannot be reached, or did not answer within a second: whether an append took effect is unknown. */
export class RunLogUnavailable extends Error {
  constructor(cause: unknown) {
    super('The run log cannot be reached.', { cause });
    this.name = 'RunLogUnavailable';
  }
}
