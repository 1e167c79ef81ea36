import type { PartKind, TokenUsage } from '#contract/conversations.ts';
import type { AttemptJob } from '#contract/jobs.ts';
import { AppError, isAppError } from '#platform/errors.ts';
import { ModelError, tokensOfLength } from '#platform/models/models.ts';
import { claimRun } from './claim-run.ts';
import { afterEnd } from './conclude-run.ts';
import { type Ending, HeldRun } from './held-run.ts';
import { orLeaveToSweep } from './leave-to-sweep.ts';
import { LogWriter } from './log-writer.ts';
import { Output } from './output.ts';
import { type Again, kindOf, type Made, type Making, type RunKind, type Tokens } from './run-kind.ts';
import type { RunPorts } from './run-ports.ts';
import type { Failure, RunRecord } from './run-records.ts';
import { inTraceOf } from './run-trace.ts';
import type { RunsUnderWay } from './runs-under-way.ts';
import { usageOf, withCall, withinHeld } from './spent-before.ts';

/** By then whoever accepted the message has copied it, or has died over it. */
const copiesAfterMs = 1_000;

/** Why work on an answer ends before the model does. */
type Interruption = 'stopped' | 'fenced' | 'handed back' | 'too long';

/** The job of a run's attempt: claims the run and makes it. `signal` aborts where the process must stop: the run is handed back. */
export async function attemptRun(
  ports: RunPorts,
  underWay: RunsUnderWay,
  job: AttemptJob,
  signal: AbortSignal,
): Promise<void> {
  const run = await claimOrLeave(ports, job);
  if (run) await inTraceOf(run, () => new Attempt(ports, run).make(underWay, signal));
}

/** Without the store nothing can be claimed; the job is only a hint, and the sweep adds another. */
async function claimOrLeave(ports: RunPorts, job: AttemptJob): Promise<RunRecord | undefined> {
  try {
    return await claimRun(ports, job);
  } catch (error) {
    if (!isAppError(error, 'store_unavailable')) throw error;
    ports.logger.warn('A run could not be claimed; the sweep adds its job again.', {
      'event.action': 'run_claim',
      'lamplight.run.id': job.runId,
      error,
    });
    return undefined;
  }
}

/** One try at a run, from its claim to its end. */
class Attempt {
  readonly #ports: RunPorts;
  readonly #run: RunRecord;
  readonly #kind: RunKind;
  readonly #output = new Output();
  readonly #abort = new AbortController();
  readonly #held: HeldRun;
  readonly #writer: LogWriter;
  readonly #warned = new Set<string>();
  #interruption: Interruption | undefined;
  /** Of the prompts that models were given. */
  #inputTokens = 0;
  #took: Tokens = { inputTokens: 0, outputTokens: 0 };
  #asked = false;
  #cancelLimit: (() => void) | undefined;

  constructor(ports: RunPorts, run: RunRecord) {
    this.#ports = ports;
    this.#run = run;
    this.#kind = kindOf(ports, run);
    const shared = {
      runId: run._id,
      attempt: run.attempt,
      output: this.#output,
      clock: ports.clock,
      onFenced: () => this.#interrupt('fenced'),
    };
    this.#held = new HeldRun({
      ...shared,
      runs: ports.records.runs,
      onStopRequested: () => this.#interrupt('stopped'),
      onFailure: (error) => this.#warnOnce('A checkpoint was not written; it is repeated.', error),
    });
    this.#writer = new LogWriter({
      ...shared,
      runLog: ports.runLog,
      stillHeld: () => this.#held.renew(),
      onFailure: (error) => {
        ports.metrics.runLogFailures.inc();
        this.#warnOnce(`The run log did not take output; the ${this.#kind.noun} goes on into the store.`, error);
      },
    });
  }

  async make(underWay: RunsUnderWay, processStops: AbortSignal): Promise<void> {
    const { clock, metrics } = this.#ports;
    const forget = underWay.add(this.#run._id, () => this.#interrupt('stopped'));
    const handBack = () => this.#interrupt('handed back');
    processStops.addEventListener('abort', handBack);
    const cancelCopies = clock.after(copiesAfterMs, () => {
      void orLeaveToSweep(this.#ports, this.#run, this.#kind.copyMissing(this.#run));
    });
    metrics.activeRuns.inc();
    try {
      if (processStops.aborted) handBack();
      this.#held.start();
      this.#writer.start();
      const made = await this.#produce(underWay.leaving);
      this.#output.finish();
      await this.#conclude(made);
    } finally {
      this.#cancelLimit?.();
      cancelCopies();
      processStops.removeEventListener('abort', handBack);
      forget();
      this.#held.stop();
      this.#writer.stop();
      metrics.activeRuns.dec();
    }
  }

  #interrupt(why: Interruption): void {
    this.#interruption ??= why;
    this.#abort.abort(new Error(`The ${this.#kind.noun} is ${why}.`));
  }

  /** Puts out what is made, and says how it ended; a fenced or handed-back attempt has no ending. */
  async #produce(leaving: AbortSignal): Promise<Made | undefined> {
    const making: Making = {
      signal: this.#abort.signal,
      leaving,
      put: (kind, text) => this.#put(kind, text),
      asked: (inputTokens) => {
        this.#asked = true;
        this.#limitTime();
        this.#inputTokens += inputTokens;
      },
      took: (tokens) => {
        this.#took = tokens;
      },
    };
    try {
      const made = await this.#kind.make(this.#run, making);
      return made.outcome === 'again' ? made : { ...made, ...this.#spent(made.usage) };
    } catch (error) {
      if (leaving.aborted && error === leaving.reason) this.#interrupt('handed back');
      return this.#endingOf(error);
    }
  }

  /** From when a model is first asked: a run may wait for its turn longer than it may take. */
  #limitTime(): void {
    const { clock, settings } = this.#ports;
    this.#cancelLimit ??= clock.after(settings.maxRunMs, () => this.#interrupt('too long'));
  }

  #put(kind: PartKind, text: string): void {
    this.#output.append(kind, text);
    this.#writer.notify();
    if (this.#output.length > this.#ports.settings.maxOutputLength) this.#interrupt('too long');
  }

  #endingOf(error: unknown): Ending | undefined {
    const { noun, whenCutShort } = this.#kind;
    if (this.#interruption === 'fenced' || this.#interruption === 'handed back') return undefined;
    if (this.#interruption === 'stopped') return { outcome: 'stopped', ...this.#spent(this.#untilStop()) };
    if (this.#interruption === 'too long') {
      const message = `The ${noun} reached the longest one allowed here. ${whenCutShort}`;
      return { outcome: 'failed', error: this.#failure('answer_too_long', message), ...this.#spent() };
    }
    if (error instanceof ModelError || error instanceof AppError) {
      this.#warn(`No whole ${noun} came of this attempt.`, error);
      return { outcome: 'failed', error: this.#failure(error.code, error.message), ...this.#spent() };
    }
    this.#ports.logger.error(`The ${noun} failed for a reason that is ours.`, { ...this.#fields, error });
    const message = `Something went wrong on our side. The ${noun} was cut short. ${whenCutShort}`;
    return { outcome: 'failed', error: this.#failure('internal', message), ...this.#spent() };
  }

  /** What the run took; of an answer that was cut short, as far as its text tells: the provider counts only at the end. */
  #spent(counted = this.#estimate()): Pick<Ending, 'usage'> {
    const usage = usageOf(this.#run, counted && withinHeld(counted, this.#run.reserved));
    return usage ? { usage } : {};
  }

  #estimate(): TokenUsage | undefined {
    const { inputTokens, outputTokens } = this.#made();
    if (inputTokens + outputTokens === 0) return undefined;
    return { inputTokens: this.#inputTokens + inputTokens, outputTokens, estimated: true };
  }

  /** What models gave, as far as its text tells, and read beside the prompts. */
  #made(): Tokens {
    const bytes = this.#output.from(0).reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    const { inputTokens, outputTokens } = this.#took;
    return { inputTokens, outputTokens: Math.max(tokensOfLength(bytes), outputTokens) };
  }

  /** A prompt that the model was given is billed, also where the person stops before its first word: else that were a way around budgets. */
  #untilStop(): TokenUsage | undefined {
    const promptAlone = { inputTokens: this.#inputTokens, outputTokens: 0, estimated: true };
    return this.#estimate() ?? (this.#asked ? promptAlone : undefined);
  }

  #failure(code: Failure['code'], message: string): Failure {
    return { code, message, traceId: this.#run.traceId };
  }

  async #conclude(made: Made | undefined): Promise<void> {
    if (this.#interruption === 'fenced') return this.#logFenced();
    if (made === undefined || made.outcome === 'again') return this.#handBack(made);
    const ended = await this.#held.end(made);
    if (!ended) return this.#logFenced();
    await afterEnd(this.#ports, ended, () => this.#writer.finish(made.outcome));
  }

  /** With `made`: the attempt itself asks for another one. */
  async #handBack(made?: Again): Promise<void> {
    this.#writer.stop();
    const { inputTokens, outputTokens } = this.#made();
    const spent = withCall(this.#run.spent, inputTokens + outputTokens);
    const run = await this.#held.handBack({ ...made?.set, ...(spent && { spent }) });
    if (!run) return this.#logFenced();
    if (made === undefined) {
      this.#ports.metrics.handBacks.inc();
      this.#ports.logger.info(`Handed the ${this.#kind.noun} back: this process stops.`, {
        'event.action': 'run_hand_back',
        ...this.#fields,
      });
    }
    try {
      await this.#kind.addJob(run);
    } catch (error) {
      this.#warn(`The ${this.#kind.noun} that was handed back waits for the sweep: the queue did not take it.`, error);
    }
  }

  #logFenced(): void {
    this.#ports.logger.info(`Left the ${this.#kind.noun} to the worker that took it over, or to its end.`, {
      'event.action': 'run_fenced',
      ...this.#fields,
    });
  }

  #warn(message: string, error: unknown): void {
    this.#ports.logger.warn(message, { 'event.action': 'run_trouble', ...this.#fields, error });
  }

  /** Of what is repeated until it works, the first failure: four lines a second and answer would say no more. */
  #warnOnce(message: string, error: unknown): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#warn(message, error);
  }

  get #fields() {
    return { 'lamplight.run.id': this.#run._id, 'lamplight.run.attempt': this.#run.attempt } as const;
  }
}
