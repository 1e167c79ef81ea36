import type { PartKind, TokenUsage } from '#contract/conversations.ts';
import type { Ending } from './held-run.ts';
import type { RunRecord } from './run-records.ts';

/** What a run makes: an answer in a conversation, or a story. */
type RunKindName = NonNullable<RunRecord['kind']>;

export type RunKinds = Readonly<Partial<Record<RunKindName, RunKind>>>;

/**
 * What differs between kinds of runs. Who holds a run, what readers have of it, how it ends and what it costs is the same for all. Each
 * of these may be repeated at any time: a crash may come before or behind it.
 */
export interface RunKind {
  /** What people and log lines call what it makes. */
  readonly noun: 'answer' | 'story';
  /** Said to its person where one was cut short: what is left of it, and what they can do. A sentence. */
  readonly whenCutShort: string;
  /** Asks for the run's next attempt. `leaseUntil` is the lapsed lease that a takeover saw; `round` tells jobs of one attempt apart. */
  addJob(run: Pick<RunRecord, '_id' | 'attempt'>, options?: { leaseUntil?: number; round?: number }): Promise<void>;
  /** Makes the output of one attempt. Throws `ModelError` or `AppError` where there is none, and a signal's reason where it is aborted. */
  make(run: RunRecord, making: Making): Promise<Made>;
  /** Inserts what people see of the run before its end. */
  copy(run: RunRecord): Promise<void>;
  /** The same, some time after the run was stored: only what is missing, and not where it was deleted. */
  copyMissing(run: RunRecord): Promise<void>;
  /** Writes what an ended run says to where people read it. */
  copyEnd(run: RunRecord): Promise<void>;
  /** All copies of an ended run, whichever of them are missing: after a failure, or in what a backup read meanwhile. */
  copyAll(run: RunRecord): Promise<void>;
  /** Begins what follows once that is written and paid for. */
  afterEnd(run: RunRecord): Promise<void>;
}

/** How an attempt puts out what it makes. */
export interface Making {
  /** Aborted where the run is stopped, was taken over, took too long, or its process ends. */
  readonly signal: AbortSignal;
  /** Aborted where the process begins to end, which may take minutes: what only waits throws its reason, and is handed back. */
  readonly leaving: AbortSignal;
  put(kind: PartKind, text: string): void;
  /**
   * Before each call of a model: what its prompt is estimated at, since a provider counts only at the end of a call. From the first one on
   * the attempt may take no longer than the settings say.
   */
  asked(inputTokens: number): void;
  /**
   * Whenever that is more: what models took so far in this attempt beside those prompts, whether it was put out or not. `inputTokens`: what one
   * that judges has read. An attempt that is cut short knows from nowhere else what was made in vain.
   */
  took(tokens: Tokens): void;
}

export type Tokens = Pick<TokenUsage, 'inputTokens' | 'outputTokens'>;

/** The next attempt starts over, with `set` in the run. */
export interface Again {
  readonly outcome: 'again';
  readonly set: Readonly<Record<string, unknown>>;
}

export type Made = Ending | Again;

export function kindOf(ports: { readonly kinds: RunKinds }, { kind = 'answer' }: Pick<RunRecord, 'kind'>): RunKind {
  const found = ports.kinds[kind];
  if (!found) throw new Error(`Nobody here makes a run of the kind ${kind}.`);
  return found;
}
