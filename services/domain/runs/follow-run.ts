import type { DoneEvent } from '#contract/chat.ts';
import { comparePositions, formatPosition, type Position, parsePosition } from '#contract/position.ts';
import { type AppError, notFound } from '#platform/errors.ts';
import type { LogEntry, Tail } from '#platform/run-log/run-log.ts';
import { currentTrace, newTrace, runInTrace } from '#platform/telemetry/trace.ts';
import { type AnswerDeltas, AnswerReader } from './answer-reader.ts';
import { answerMessageOf, presentMessage } from './present-run.ts';
import type { RunPorts } from './run-ports.ts';
import { isLive, type RunRecord } from './run-records.ts';

/** A tail that is silent this long asks the store how the run stands. */
const silenceMs = 5_000;
/** While the log misses what the store has, the store is asked this often. */
const catchUpMs = 1_000;

/** Where an answer goes: an SSE response, or a socket. */
export interface AnswerSink extends AnswerDeltas {
  done(at: string, event: DoneEvent): void;
  /** The answer is gone (its conversation was deleted). */
  failed(error: AppError): void;
  /** Calls back once, when it is writable again. */
  onDrain(callback: () => void): void;
}

/**
 * Follows one run for one reader, from its position to `done`. All that it keeps is the position: what comes is handed on or
 * forgotten, and a reader that was slow, or beyond a gap, goes on from there by the log, or by the checkpoint where the log is gone.
 */
export class Follower {
  readonly #ports: RunPorts;
  readonly #runId: string;
  readonly #sink: AnswerSink;
  /** Of whoever asked to read: what wakes a follower comes from anywhere. */
  readonly #trace = currentTrace() ?? newTrace();
  #reader: AnswerReader;
  #tail: Tail | undefined;
  #heardAt: number;
  #askedAt = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;
  /** The first look is whoever starts it to give: until then it does not know where its reader is. */
  #asking = true;
  #askAgain = false;
  #waitsForDrain = false;
  #closed = false;

  constructor(ports: RunPorts, runId: string, sink: AnswerSink) {
    this.#ports = ports;
    this.#runId = runId;
    this.#sink = sink;
    this.#reader = new AnswerReader(undefined);
    this.#heardAt = ports.clock.monotonic();
  }

  /** Starts from `after`, a position as the reader gave it; one that is malformed or lies ahead of the run starts over. */
  async start(run: RunRecord, after: string | undefined): Promise<void> {
    const given = after === undefined ? undefined : parsePosition(after);
    const position = given && (await this.#isReached(run, given)) ? given : undefined;
    if (this.#closed) return;
    this.#asking = false;
    this.#reader = new AnswerReader(position);
    if (after !== undefined && position === undefined)
      this.#sink.reset(formatPosition({ attempt: run.attempt, length: 0 }));
    this.#takeStored(run);
    // The log is there until it proves silent.
    if (isLive(run)) this.#watchSilence(silenceMs);
    this.#goOn();
  }

  /** Looks at the store now: something is said to have happened to the run. */
  poke(): void {
    this.#ask();
  }

  close(): void {
    this.#closed = true;
    this.#tail?.close();
    this.#cancelTimer?.();
  }

  /** Whether the run, or its log, has come as far as this position. */
  async #isReached(run: RunRecord, position: Position): Promise<boolean> {
    if (comparePositions(position, { attempt: run.attempt, length: run.length }) <= 0) return true;
    if (!isLive(run)) return false;
    try {
      const last = await this.#ports.runLog.last(this.#runId);
      return last !== undefined && comparePositions(position, last.at) <= 0;
    } catch {
      // Without the log it is believed: where it lies ahead after all, the end differs from it and starts the reader over.
      return position.attempt <= run.attempt;
    }
  }

  #follow(): void {
    this.#tail?.close();
    this.#tail = this.#ports.runLog.tail(this.#runId, this.#reader.position, (entries) => this.#take(entries));
  }

  #take(entries: readonly LogEntry[]): void {
    this.#heardAt = this.#ports.clock.monotonic();
    for (const entry of entries) {
      if (this.#closed || this.#asking) return;
      if (!this.#sink.writable) {
        this.#waitForDrain();
        return;
      }
      const taken = this.#reader.accept(entry, this.#sink);
      if (taken === 'ok') continue;
      this.#tail?.close();
      if (taken === 'full') this.#waitForDrain();
      else this.#askStoreSoon();
      return;
    }
  }

  /** At once, but not again and again: the store may need a moment to cover what the log misses. */
  #askStoreSoon(): void {
    const wait = this.#askedAt + catchUpMs - this.#ports.clock.monotonic();
    if (wait <= 0) this.#ask();
    else this.#watchSilence(wait);
  }

  #waitForDrain(): void {
    this.#tail?.close();
    if (this.#waitsForDrain) return;
    this.#waitsForDrain = true;
    this.#ports.metrics.readerCatchUps.inc();
    this.#sink.onDrain(() => {
      this.#waitsForDrain = false;
      if (this.#closed) return;
      // What it missed may have left the log meanwhile: the store has it all, then the log goes on.
      this.#ask();
    });
  }

  #ask(): void {
    void runInTrace(this.#trace, () => this.#askStore());
  }

  /** One look at a time; a call meanwhile makes it look once more. */
  async #askStore(): Promise<void> {
    if (this.#closed || this.#waitsForDrain) return;
    if (this.#asking) {
      this.#askAgain = true;
      return;
    }
    if (!this.#sink.writable) {
      this.#waitForDrain();
      return;
    }
    this.#asking = true;
    this.#askedAt = this.#ports.clock.monotonic();
    this.#tail?.close();
    try {
      const run = await this.#ports.records.runs.get(this.#runId);
      if (!this.#closed) this.#takeStored(run);
    } catch (error) {
      this.#ports.logger.warn('A reader could not look its run up in the store; it tries again.', {
        'event.action': 'run_follow',
        'lamplight.run.id': this.#runId,
        error,
      });
      this.#watchSilence(catchUpMs);
    } finally {
      this.#asking = false;
    }
    this.#goOn();
  }

  /** After a look at the store: by the log, or by another look. */
  #goOn(): void {
    if (this.#closed || this.#waitsForDrain) return;
    this.#follow();
    if (!this.#askAgain) return;
    this.#askAgain = false;
    this.#ask();
  }

  #takeStored(run: RunRecord | undefined): void {
    if (run === undefined) {
      this.close();
      this.#sink.failed(notFound('answer'));
      return;
    }
    const before = this.#reader.position;
    if (run.attempt > 0 && !this.#reader.acceptStored(run, this.#sink)) {
      this.#waitForDrain();
      return;
    }
    const after = this.#reader.position;
    const progress = after !== undefined && (before === undefined || comparePositions(before, after) !== 0);
    if (isLive(run)) {
      this.#watchSilence(progress ? catchUpMs : silenceMs);
      return;
    }
    this.close();
    const message = presentMessage(answerMessageOf(run));
    const at = formatPosition({ attempt: run.attempt, length: Number.POSITIVE_INFINITY });
    this.#sink.done(at, { message, ...(message.usage && { usage: message.usage }) });
  }

  /** Asks the store when nothing was heard for `ms`. */
  #watchSilence(ms: number): void {
    this.#cancelTimer?.();
    this.#heardAt = this.#ports.clock.monotonic();
    const check = (wait: number): void => {
      this.#cancelTimer = this.#ports.clock.after(wait, () => {
        const silent = this.#ports.clock.monotonic() - this.#heardAt;
        if (silent >= ms - 1) this.#ask();
        else check(ms - silent);
      });
    };
    check(ms);
  }
}
