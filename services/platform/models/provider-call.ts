import type { IncomingMessage } from 'node:http';
import type { Clock } from '#platform/clock.ts';
import type { ModelsConfig } from '#platform/config/config.ts';
import { CompletionReader, type Output } from './completion-reader.ts';
import { type ChatRequest, estimateTokens, type FinishReason, type ModelUsage, tokensOfLength } from './models.ts';
import { type Asked, silence, toModelError } from './provider-errors.ts';
import { SilenceWatch } from './silence-watch.ts';

/** UTF-16 units of one event. A token takes some hundred bytes; this leaves room for servers that send paragraphs. */
const maxEventLength = 1024 * 1024;
/** UTF-16 units of output that wait for a slow consumer. */
const maxWaiting = 64 * 1024;
/** How long the rest may take after the finish reason: usage and the end of the body. */
const endMs = 2_000;

export interface CallOptions {
  readonly asked: Asked;
  readonly request: ChatRequest;
  readonly timeouts: ModelsConfig['timeouts'];
  readonly clock: Clock;
  /** Sends the request; resolves to the body once its headers are there. */
  readonly ask: (signal: AbortSignal) => Promise<IncomingMessage>;
}

/** One call to a provider: what bounds it in time, and what ends it. `close` must follow, however it went. */
export class ProviderCall {
  readonly #options: CallOptions;
  readonly #abort = new AbortController();
  readonly #watch: SilenceWatch;
  #reader: CompletionReader | undefined;

  constructor(options: CallOptions) {
    this.#options = options;
    this.#watch = new SilenceWatch(options.clock, options.timeouts.firstTokenMs, () => this.#onSilence());
    options.request.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Sends the request and waits for the first output; `undefined` where the reply ends without any. */
  async first(): Promise<readonly Output[] | undefined> {
    this.#options.request.signal.throwIfAborted();
    const incoming = await this.#options.ask(this.#abort.signal);
    if (this.#abort.signal.aborted) {
      // Ended between the headers and here, when nothing listened.
      incoming.destroy();
      throw this.#abort.signal.reason;
    }
    const { betweenTokensMs } = this.#options.timeouts;
    const reader = new CompletionReader(incoming, {
      maxEventLength,
      maxWaiting,
      onProgress: () => {
        const ending = reader.finishReason !== undefined;
        this.#watch.heard(ending ? Math.min(endMs, betweenTokensMs) : betweenTokensMs);
      },
    });
    this.#reader = reader;
    return reader.next();
  }

  /** What arrived since; `undefined` at the end. */
  next(): Promise<readonly Output[] | undefined> {
    return this.#reader ? this.#reader.next() : this.first();
  }

  get reason(): FinishReason {
    return this.#reader?.finishReason ?? 'other';
  }

  /** What the provider counted, or an estimate where it counted nothing. */
  get usage(): ModelUsage {
    const inputTokens = this.#options.request.messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);
    const outputTokens = tokensOfLength(this.#reader?.bytes ?? 0);
    return this.#reader?.usage ?? { inputTokens, outputTokens, estimated: true };
  }

  /** What to throw in place of what a method threw: the reason of an abort, else a `ModelError`. */
  explain(error: unknown): unknown {
    const { request, asked, clock } = this.#options;
    if (request.signal.aborted) return request.signal.reason;
    return toModelError(this.#abort.signal.aborted ? this.#abort.signal.reason : error, asked, clock.now());
  }

  /** Leaves no timer, no listener, and no connection but one that is fit for the next call. */
  close(): void {
    this.#watch.stop();
    this.#options.request.signal.removeEventListener('abort', this.#onAbort);
    this.#reader?.leave(this.#options.clock, endMs);
  }

  readonly #onAbort = (): void => this.#end(this.#options.request.signal.reason);

  #end(reason: unknown): void {
    this.#abort.abort(reason);
    this.#reader?.stop(reason);
  }

  #onSilence(): void {
    const { asked, timeouts } = this.#options;
    const reader = this.#reader;
    // What waits for a slow consumer is not the model's silence.
    if (reader?.paused) {
      this.#watch.heard(timeouts.betweenTokensMs);
      return;
    }
    if (reader?.finishReason !== undefined) {
      reader.stop();
      return;
    }
    const started = reader?.started ?? false;
    this.#end(silence(asked, started ? timeouts.betweenTokensMs : timeouts.firstTokenMs, started));
  }
}
