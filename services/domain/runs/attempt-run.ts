import type { TokenUsage } from '#contract/conversations.ts';
import type { JobData } from '#contract/jobs.ts';
import { buildContext } from '#domain/chat/build-context.ts';
import type { ChatPorts } from '#domain/chat/chat-ports.ts';
import type { Failure, RunRecord } from '#domain/chat/chat-records.ts';
import { stopRequested } from '#domain/chat/chat-topics.ts';
import { copyMissing, orLeaveToSweep } from '#domain/chat/copy-run.ts';
import { addAnswerJob } from '#domain/chat/send-message.ts';
import { AppError, isAppError } from '#platform/errors.ts';
import { estimateTokens, ModelError, type ModelEvent, tokensOfLength } from '#platform/models/models.ts';
import { claimRun } from './claim-run.ts';
import { afterEnd } from './conclude-run.ts';
import { type Ending, HeldRun } from './held-run.ts';
import { LogWriter } from './log-writer.ts';
import { Output } from './output.ts';
import { inTraceOf } from './run-trace.ts';
import { usageOf, withCall, withinHeld } from './spent-before.ts';

/** By then whoever accepted the message has copied it, or has died over it. */
const copiesAfterMs = 1_000;

/** Why work on an answer ends before the model does. */
type Interruption = 'stopped' | 'fenced' | 'handed back' | 'too long';

/** The answers under way in this process, so that a broadcast can stop one. */
export class AnswersUnderWay {
  readonly #stops = new Map<string, () => void>();
  readonly #unsubscribe: () => void;

  constructor(chat: Pick<ChatPorts, 'broadcast'>) {
    this.#unsubscribe = chat.broadcast.subscribe(stopRequested, ({ runId }) => this.#stops.get(runId)?.());
  }

  add(runId: string, stop: () => void): () => void {
    this.#stops.set(runId, stop);
    return () => {
      if (this.#stops.get(runId) === stop) this.#stops.delete(runId);
    };
  }

  close(): void {
    this.#unsubscribe();
  }
}

/** The job of making an answer: claims the run and makes its next attempt. `signal` aborts where the process must stop: the run is handed back. */
export async function answerRun(
  chat: ChatPorts,
  underWay: AnswersUnderWay,
  job: JobData<'answer'>,
  signal: AbortSignal,
): Promise<void> {
  const run = await claimOrLeave(chat, job);
  if (run) await inTraceOf(run, () => new Attempt(chat, run).make(underWay, signal));
}

/** Without the store nothing can be claimed; the job is only a hint, and the sweep adds another. */
async function claimOrLeave(chat: ChatPorts, job: JobData<'answer'>): Promise<RunRecord | undefined> {
  try {
    return await claimRun(chat, job);
  } catch (error) {
    if (!isAppError(error, 'store_unavailable')) throw error;
    chat.logger.warn('An answer could not be claimed; the sweep adds its job again.', {
      'event.action': 'run_claim',
      'lamplight.run.id': job.runId,
      error,
    });
    return undefined;
  }
}

/** One try at an answer, from its claim to its end. */
class Attempt {
  readonly #chat: ChatPorts;
  readonly #run: RunRecord;
  readonly #output = new Output();
  readonly #abort = new AbortController();
  readonly #held: HeldRun;
  readonly #writer: LogWriter;
  readonly #warned = new Set<string>();
  #interruption: Interruption | undefined;
  #inputTokens = 0;
  /** Whether the model was given the prompt. */
  #asked = false;

  constructor(chat: ChatPorts, run: RunRecord) {
    this.#chat = chat;
    this.#run = run;
    const shared = {
      runId: run._id,
      attempt: run.attempt,
      output: this.#output,
      clock: chat.clock,
      onFenced: () => this.#interrupt('fenced'),
    };
    this.#held = new HeldRun({
      ...shared,
      runs: chat.records.runs,
      onStopRequested: () => this.#interrupt('stopped'),
      onFailure: (error) => this.#warnOnce('A checkpoint was not written; it is repeated.', error),
    });
    this.#writer = new LogWriter({
      ...shared,
      runLog: chat.runLog,
      stillHeld: () => this.#held.renew(),
      onFailure: (error) => {
        chat.metrics.runLogFailures.inc();
        this.#warnOnce('The run log did not take output; the answer goes on into the store.', error);
      },
    });
  }

  async make(underWay: AnswersUnderWay, processStops: AbortSignal): Promise<void> {
    const { clock, metrics, settings } = this.#chat;
    const forget = underWay.add(this.#run._id, () => this.#interrupt('stopped'));
    const handBack = () => this.#interrupt('handed back');
    processStops.addEventListener('abort', handBack);
    const cancelLimit = clock.after(settings.maxRunMs, () => this.#interrupt('too long'));
    const cancelCopies = clock.after(copiesAfterMs, () => {
      void orLeaveToSweep(this.#chat, this.#run, copyMissing(this.#chat, this.#run));
    });
    metrics.activeRuns.inc();
    try {
      if (processStops.aborted) handBack();
      this.#held.start();
      this.#writer.start();
      const ending = await this.#stream();
      this.#output.finish();
      await this.#conclude(ending);
    } finally {
      cancelLimit();
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
    this.#abort.abort(new Error(`The answer is ${why}.`));
  }

  /** Puts out what the model says, and says how it ended; a fenced or handed-back attempt has no ending. */
  async #stream(): Promise<Ending | undefined> {
    const { model, ownerId, reserved } = this.#run;
    try {
      const messages = await this.#context();
      this.#inputTokens = messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);
      this.#abort.signal.throwIfAborted();
      let ending: Ending = { outcome: 'complete' };
      this.#asked = true;
      for await (const event of this.#chat.models.stream({
        model,
        messages,
        signal: this.#abort.signal,
        user: ownerId,
        ...(reserved && { maxOutputTokens: reserved.maxOutputTokens }),
      })) {
        if (event.type === 'finish') ending = this.#finish(event);
        else this.#put(event);
      }
      return ending;
    } catch (error) {
      return this.#endingOf(error);
    }
  }

  #put(event: Extract<ModelEvent, { type: 'output' }>): void {
    this.#output.append(event.kind, event.text);
    this.#writer.notify();
    if (this.#output.length > this.#chat.settings.maxOutputLength) this.#interrupt('too long');
  }

  /** The history is read from the store: while it is away, this waits as the commit at the end does. */
  async #context() {
    for (;;) {
      try {
        return await buildContext(this.#chat, this.#run);
      } catch (error) {
        if (!isAppError(error, 'store_unavailable') || this.#abort.signal.aborted) throw error;
        await new Promise<void>((resolve) => this.#chat.clock.after(250, resolve));
      }
    }
  }

  #finish({ model, reason, usage }: Extract<ModelEvent, { type: 'finish' }>): Ending {
    const told = { ...this.#spent(usage), answeredBy: model };
    if (this.#output.length > 0) return { outcome: 'complete', ...told };
    const message =
      reason === 'content_filter'
        ? 'The model provider withheld this answer. Put the message differently and retry.'
        : 'The model sent an empty answer. Retry, or choose another model.';
    return { outcome: 'failed', error: this.#failure('model_bad_reply', message), ...told };
  }

  #endingOf(error: unknown): Ending | undefined {
    if (this.#interruption === 'fenced' || this.#interruption === 'handed back') return undefined;
    if (this.#interruption === 'stopped') return { outcome: 'stopped', ...this.#spent(this.#untilStop()) };
    if (this.#interruption === 'too long') {
      const message = 'The answer reached the longest one allowed here. What there is of it was kept.';
      return { outcome: 'failed', error: this.#failure('answer_too_long', message), ...this.#spent() };
    }
    if (error instanceof ModelError || error instanceof AppError) {
      this.#warn('The model gave no answer.', error);
      return { outcome: 'failed', error: this.#failure(error.code, error.message), ...this.#spent() };
    }
    this.#chat.logger.error('An answer failed for a reason that is ours.', { ...this.#fields, error });
    const message = 'Something went wrong on our side. What there is of the answer was kept; retry it.';
    return { outcome: 'failed', error: this.#failure('internal', message), ...this.#spent() };
  }

  /** What the run took; of an answer that was cut short, as far as its text tells: the provider counts only at the end. */
  #spent(counted = this.#estimate()): Pick<Ending, 'usage'> {
    const usage = usageOf(this.#run, counted && withinHeld(counted, this.#run.reserved));
    return usage ? { usage } : {};
  }

  #estimate(): TokenUsage | undefined {
    if (this.#output.length === 0) return undefined;
    const outputTokens = tokensOfLength(
      this.#output.from(0).reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
    );
    return { inputTokens: this.#inputTokens, outputTokens, estimated: true };
  }

  /** A prompt that the model was given is billed, also where the person stops before its first word: else that were a way around budgets. */
  #untilStop(): TokenUsage | undefined {
    const promptAlone = { inputTokens: this.#inputTokens, outputTokens: 0, estimated: true };
    return this.#estimate() ?? (this.#asked ? promptAlone : undefined);
  }

  #failure(code: Failure['code'], message: string): Failure {
    return { code, message, traceId: this.#run.traceId };
  }

  async #conclude(ending: Ending | undefined): Promise<void> {
    if (this.#interruption === 'fenced') return this.#logFenced();
    if (ending === undefined) return this.#handBack();
    const ended = await this.#held.end(ending);
    if (!ended) return this.#logFenced();
    await afterEnd(this.#chat, ended, () => this.#writer.finish(ending.outcome));
  }

  async #handBack(): Promise<void> {
    this.#writer.stop();
    const run = await this.#held.handBack(withCall(this.#run.spent, this.#output.length));
    if (!run) return this.#logFenced();
    this.#chat.metrics.handBacks.inc();
    this.#chat.logger.info('Handed an answer back: this process stops.', {
      'event.action': 'run_hand_back',
      ...this.#fields,
    });
    try {
      await addAnswerJob(this.#chat, run);
    } catch (error) {
      this.#warn('An answer that was handed back waits for the sweep: the queue did not take it.', error);
    }
  }

  #logFenced(): void {
    this.#chat.logger.info('Left an answer to the worker that took it over, or to its end.', {
      'event.action': 'run_fenced',
      ...this.#fields,
    });
  }

  #warn(message: string, error: unknown): void {
    this.#chat.logger.warn(message, { 'event.action': 'run_trouble', ...this.#fields, error });
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
