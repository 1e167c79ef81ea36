import type { RunOutcome } from '#contract/conversations.ts';
import type { Clock } from '#platform/clock.ts';
import { type RunLog, RunLogUnavailable } from '#platform/run-log/run-log.ts';
import type { Output } from './output.ts';

const batchMs = 25;
const slackMs = 5;
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
    // Opening the log alone is no batch: the first output must not wait behind it.
    if (this.#options.output.length > this.#cursor) this.#countBatch();
    this.#flushing = this.#send().then(
      () => this.#flushed(() => this.notify()),
      (error) => this.#flushed(() => this.#schedule(retryMs), error),
    );
  }

  /** A batch that was late lets the next one be early, up to the slack: the pace stays, and a steady model needs no timer. */
  #countBatch(): void {
    const now = this.#options.clock.monotonic();
    this.#flushedAt = Math.min(now, Math.max(this.#flushedAt + batchMs, now - slackMs));
  }

  #flushed(next: () => void, error?: unknown): void {
    this.#flushing = undefined;
    if (error !== undefined) this.#options.onFailure(error);
    if (!this.#closed && !this.#fenced && (error !== undefined || this.#options.output.length > this.#cursor)) next();
  }

  /** Sends all there is now; false where the attempt is fenced. */
  async #send(): Promise<boolean> {
    if (!this.#opened && !(await this.#open())) return false;
    const { runLog, runId, attempt, output } = this.#options;
    do {
      for (const { index, kind, text } of output.from(this.#cursor)) {
        const at = { attempt, length: this.#cursor + text.length };
        const result = await runLog.append(runId, { kind: 'output', at, part: { index, kind }, text });
        if (result !== 'appended') {
          if (!(await this.#findCursor(result))) return false;
          break;
        }
        this.#cursor = at.length;
      }
    } while (this.#closed && output.length > this.#cursor);
    return true;
  }

  /** After an append that was not taken: puts the cursor where the log stands now; false where the attempt is fenced. */
  async #findCursor(result: 'gone' | 'refused'): Promise<boolean> {
    if (result === 'refused') return this.#catchUpWithLog();
    if (!(await this.#options.stillHeld())) return this.#fence();
    // The log vanished with all that was in it: open it again and send everything so far.
    this.#opened = false;
    this.#cursor = 0;
    return this.#open();
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
    if (last.at.attempt !== this.#options.attempt) return this.#fence();
    this.#cursor = Math.max(this.#cursor, Math.min(last.at.length, this.#options.output.length));
    return true;
  }

  #fence(): false {
    if (!this.#fenced) {
      this.#fenced = true;
      this.#options.onFenced();
    }
    return false;
  }
}
