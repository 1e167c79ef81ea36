import type { RunOutcome, TokenUsage } from '#contract/conversations.ts';
import type { Clock } from '#platform/clock.ts';
import { isAppError } from '#platform/errors.ts';
import type { Collection } from '#platform/store/store.ts';
import type { Output } from './output.ts';
import type { Failure, RunRecord } from './run-records.ts';

export const leaseMs = 6_000;
const renewMs = 2_000;
const checkpointMs = 1_000;
/** A long output is written more rarely: a second more for each of these units. */
const unitsPerExtraSecond = 50_000;
const retryMs = 250;

export interface HeldRunOptions {
  readonly runs: Collection<RunRecord>;
  readonly runId: string;
  readonly attempt: number;
  readonly output: Output;
  readonly clock: Clock;
  /** Called once where the run is another's, or over: whatever is still done for it is in vain. */
  readonly onFenced: () => void;
  readonly onStopRequested: () => void;
  readonly onFailure: (error: unknown) => void;
}

export interface Ending {
  readonly outcome: RunOutcome;
  readonly usage?: TokenUsage;
  readonly answeredBy?: string;
  readonly error?: Failure;
  /** What else the run keeps of what was made. */
  readonly set?: Readonly<Record<string, unknown>>;
}

type Written = Pick<RunRecord, 'attempt' | 'status' | 'length' | 'stopRequested'>;
const writtenFields = ['attempt', 'status', 'length', 'stopRequested'] as const;

/**
 * A run while a worker holds it: renews the lease and writes the output behind its cursor as checkpoints, one write at a
 * time, each on the condition that the run is still this attempt's and has the length that the last write left. So a write
 * whose reply was lost is recognised, and one that comes too late changes nothing.
 */
export class HeldRun {
  readonly #options: HeldRunOptions;
  #cursor = 0;
  #writing: Promise<unknown> = Promise.resolve();
  #writtenAt: number;
  #checkpointAt: number;
  #over = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: HeldRunOptions) {
    this.#options = options;
    this.#writtenAt = this.#checkpointAt = options.clock.monotonic();
  }

  /** Renews and checkpoints from now on, until the run ends or is lost. */
  start(): void {
    this.#cancelTimer = this.#options.clock.after(checkpointMs, () => {
      this.#tick().then(
        () => this.#over || this.start(),
        (error) => {
          this.#options.onFailure(error);
          if (!this.#over) this.start();
        },
      );
    });
  }

  /** Writes nothing more. */
  stop(): void {
    this.#over = true;
    this.#cancelTimer?.();
  }

  /** Renews the lease now and says whether the run is still ours. Throws where the store cannot be reached. */
  renew(): Promise<boolean> {
    return this.#inTurn(async () => (await this.#write({ checkpoint: true })) !== undefined);
  }

  /** Ends the run with all its output; waits for the store as long as it takes. The run after it, or undefined where it was lost. */
  end(ending: Ending): Promise<RunRecord | undefined> {
    const { outcome, usage, answeredBy, error, set } = ending;
    const change = {
      ...set,
      slot: this.#options.runId,
      endedAt: this.#options.clock.now(),
      usage,
      answeredBy,
      error,
      settled: false,
    };
    return this.#conclude(outcome, change);
  }

  /** Puts the run back for its next attempt, with what it has. The run after it, or undefined where it was lost. */
  handBack(set: Readonly<Record<string, unknown>> = {}): Promise<RunRecord | undefined> {
    return this.#conclude('queued', set);
  }

  async #conclude(status: RunRecord['status'], set: Readonly<Record<string, unknown>>): Promise<RunRecord | undefined> {
    this.stop();
    const { runs, runId } = this.#options;
    const written = await this.#untilStoreAnswers(() =>
      this.#inTurn(() => this.#write({ checkpoint: true, status, set })),
    );
    return written && this.#untilStoreAnswers(() => runs.get(runId));
  }

  async #untilStoreAnswers<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isAppError(error, 'store_unavailable')) throw error;
        this.#options.onFailure(error);
        await new Promise<void>((resolve) => this.#options.clock.after(retryMs, resolve));
      }
    }
  }

  async #tick(): Promise<void> {
    const { clock, output } = this.#options;
    const now = clock.monotonic();
    const checkpointEvery = checkpointMs + (output.length / unitsPerExtraSecond) * 1_000;
    const checkpoint = output.length > this.#cursor && now - this.#checkpointAt >= checkpointEvery - 1;
    if (!checkpoint && now - this.#writtenAt < renewMs - checkpointMs / 2) return;
    const written = await this.#inTurn(async () => (this.#over ? undefined : this.#write({ checkpoint })));
    if (written?.stopRequested) this.#options.onStopRequested();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#writing.then(work);
    // Whoever asked for this turn hears of its failure; the next one comes all the same.
    this.#writing = turn.catch(() => {});
    return turn;
  }

  /** One conditional write; repeated from where the store stands when an earlier one took effect unheard. */
  async #write({
    checkpoint,
    status = 'running',
    set = {},
  }: {
    checkpoint: boolean;
    status?: RunRecord['status'];
    set?: Readonly<Record<string, unknown>>;
  }): Promise<Written | undefined> {
    const { runs, runId, attempt, output, clock } = this.#options;
    for (;;) {
      const pieces = checkpoint ? output.from(this.#cursor) : [];
      const length = checkpoint ? output.length : this.#cursor;
      const leaseUntil = status === 'running' ? clock.now() + leaseMs : clock.now();
      // At its end the output takes the place of its checkpoints: as one stretch a part it is read sooner, and takes less room.
      const isEnd = status !== 'running' && status !== 'queued';
      const change = {
        set: { ...set, status, length, leaseUntil, ...(isEnd && { output: output.from(0) }) },
        ...(!isEnd && pieces.length > 0 && { push: { output: pieces } }),
      };
      const condition = { attempt, status: 'running', length: this.#cursor };
      const written: Written | undefined = await runs.update(runId, change, condition, writtenFields);
      if (written) return this.#took(length, written);
      const stored: Written | undefined = await runs.get(runId, writtenFields);
      const concluded = status !== 'running' && stored?.status === status;
      if (stored?.attempt === attempt && concluded && stored.length === length) return this.#took(length, stored);
      if (stored?.attempt !== attempt || stored.status !== 'running' || stored.length === this.#cursor) {
        this.#lose();
        return undefined;
      }
      this.#cursor = stored.length;
    }
  }

  #took(length: number, written: Written): Written {
    const now = this.#options.clock.monotonic();
    this.#writtenAt = now;
    if (length > this.#cursor) this.#checkpointAt = now;
    this.#cursor = length;
    return written;
  }

  #lose(): void {
    this.stop();
    this.#options.onFenced();
  }
}
