import type { Position } from '#contract/position.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { waitFor } from '#tests/servers/child.ts';
import type { DoneEntry, LogEntry, OutputEntry, RunLog, Tail } from './run-log.ts';

export interface RunLogUnderTest {
  readonly log: RunLog;
  /** Makes a log vanish, as a flush or its expiry would. */
  lose(runId: string): Promise<void>;
}

/** Keeps what is logged as errors. */
export function listeningLogger(): Logger & { readonly errors: string[] } {
  const errors: string[] = [];
  return { errors, error: (message) => errors.push(message), warn: () => {}, info: () => {}, debug: () => {} };
}

export const output = (attempt: number, length: number, text: string, index = 0): OutputEntry => ({
  kind: 'output',
  at: { attempt, length },
  part: { index, kind: 'text' },
  text,
});

export const done = (attempt: number, length: number): DoneEntry => ({
  kind: 'done',
  at: { attempt, length: Number.POSITIVE_INFINITY },
  outcome: 'complete',
  length,
});

/** Collects what a tail gets. */
export function follow(log: RunLog, runId: string, after?: Position) {
  const entries: LogEntry[] = [];
  const tail: Tail = log.tail(runId, after, (news) => {
    entries.push(...news);
  });
  const isAt = (attempt: number, length: number) => () =>
    entries.at(-1)?.at.attempt === attempt && entries.at(-1)?.at.length === length;
  return {
    ...tail,
    entries,
    texts: () => entries.map((entry) => (entry.kind === 'output' ? entry.text : entry.kind)),
    /** Waits until the last entry that came is the one at this position. */
    reached: (attempt: number, length: number) =>
      waitFor(isAt(attempt, length), { what: `the tail to reach ${attempt}-${length}` }),
  };
}
