import type { RunOutcome } from '#contract/conversations.ts';
import type { Clock } from '#platform/clock.ts';
import { type OutputEntry, type RunLog, RunLogUnavailable } from '#platform/run-log/run-log.ts';
import type { Output } from './output.ts';

const batchMs = 25;
const batchLength = 128;
const retryMs = 250;

export interface LogWriterOptions {
  readonly runLog: RunLog;
  readonly runId: string;
  readonly attempt: number;
  readonly output: Output;
  readonly clock: Clock;
  /** Whether the run is still ours, asked of the store: before a log that vanished is opened again. Throws where it cannot tell. */
  readonly stillHeld: () => Promise<boolean>;
  /** Called once where another attempt has opened the log. */
  readonly onFenced: () => void;
  /** Called for each failed try to reach the log or the store: nothing is lost by it. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Sends an attempt's output to the run log in batches: the first at once, then every 25 ms or 128 units. Never makes its
 * caller wait: what the log does not take yet stays in the output, behind the cursor.
 */
export class LogWriter {
  readonly #options: LogWriterOptions;
  #cursor = 0;
  #opened = false;
  #fenced = false;
  #flushedAt = Number.NEGATIVE_INFINITY;
  #flushing: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(options: LogWriterOptions) {
    this.#options = options;
  }

  /** Opens the attempt in the log, which fences earlier ones. */
  start(): void {
    this.#flush();
  }

  /** There is new output. */
  notify(): void {
    if (this.#flushing || this.#closed || this.#fenced) return;
    const wait = this.#flushedAt + batchMs - this.#options.clock.monotonic();
    if (wait <= 0 || this.#options.output.length - this.#cursor >= batchLength) this.#flush();
    else this.#schedule(wait);
  }

  /** Sends the rest, and `done`, as far as the log takes them within a try or two: readers find the end in the store too. */
  async finish(outcome: RunOutcome): Promise<void> {
    this.stop();
    await this.#flushing;
    if (this.#fenced) return;
    const { runLog, runId, attempt, output } = this.#options;
    const done = {
      kind: 'done',
      at: { attempt, length: Number.POSITIVE_INFINITY },
      outcome,
      length: output.length,
    } as const;
    for (let tries = 0; tries < 2; tries += 1) {
      try {
        if (await this.#send()) await runLog.append(runId, done);
        return;
      } catch (error) {
        this.#options.onFailure(error);
      }
    }
  }

  /** Sends nothing more. */
  stop(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #schedule(ms: number): void {
    this.#cancelTimer ??= this.#options.clock.after(ms, () => {
      this.#cancelTimer = undefined;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#flushing) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const { clock, output } = this.#options;
    // Opening the log alone is no batch: the first output must not wait behind it.
    if (output.length > this.#cursor) this.#flushedAt = clock.monotonic();
    this.#flushing = this.#send().then(
      () => this.#flushed(() => this.notify()),
      (error) => this.#flushed(() => this.#schedule(retryMs), error),
    );
  }

  #flushed(next: () => void, error?: unknown): void {
    this.#flushing = undefined;
    if (error !== undefined) this.#options.onFailure(error);
    if (!this.#closed && !this.#fenced && (error !== undefined || this.#options.output.length > this.#cursor)) next();
  }

  /** Sends all there is now; false where the attempt is fenced. */
  async #send(): Promise<boolean> {
    if (!this.#opened && !(await this.#open())) return false;
    let pieces = this.#options.output.from(this.#cursor);
    while (pieces.length > 0) {
      for (const { index, kind, text } of pieces) {
        const at = { attempt: this.#options.attempt, length: this.#cursor + text.length };
        const result = await this.#append({ kind: 'output', at, part: { index, kind }, text });
        if (result === 'fenced') return false;
        if (result === 'moved') break;
      }
      pieces = this.#options.output.from(this.#cursor);
      if (!this.#closed) break;
    }
    return true;
  }

  /** `moved`: the cursor is elsewhere now, so look again what lies behind it. */
  async #append(entry: OutputEntry): Promise<'sent' | 'moved' | 'fenced'> {
    const { runLog, runId } = this.#options;
    const result = await runLog.append(runId, entry);
    if (result === 'appended') {
      this.#cursor = entry.at.length;
      return 'sent';
    }
    if (result === 'refused') return (await this.#catchUpWithLog()) ? 'moved' : 'fenced';
    if (!(await this.#options.stillHeld())) return this.#fence();
    // The log vanished with all that was in it: open it again and send everything so far.
    this.#opened = false;
    this.#cursor = 0;
    return (await this.#open()) ? 'moved' : 'fenced';
  }

  async #open(): Promise<boolean> {
    const { runLog, runId, attempt } = this.#options;
    const result = await runLog.open(runId, attempt);
    if (result === 'refused' && !(await this.#catchUpWithLog())) return false;
    this.#opened = true;
    return true;
  }

  /** After a refusal: what our attempt has in the log is our own, sent before a reply was lost. A later attempt fences us. */
  async #catchUpWithLog(): Promise<boolean> {
    const last = await this.#options.runLog.last(this.#options.runId);
    if (last === undefined) throw new RunLogUnavailable(new Error('The log vanished after it refused an entry.'));
    if (last.at.attempt !== this.#options.attempt) {
      this.#fence();
      return false;
    }
    this.#cursor = Math.max(this.#cursor, Math.min(last.at.length, this.#options.output.length));
    return true;
  }

  #fence(): 'fenced' {
    if (!this.#fenced) {
      this.#fenced = true;
      this.#options.onFenced();
    }
    return 'fenced';
  }
}
