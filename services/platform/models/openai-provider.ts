import type { IncomingMessage } from 'node:http';
import type { OpenAI } from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { Clock } from '#platform/clock.ts';
import type { ModelConfig, ModelsConfig, ProviderConfig } from '#platform/config/config.ts';
import { currentTrace, formatTraceparent } from '#platform/telemetry/trace.ts';
import { BadReply, CompletionReader } from './completion-reader.ts';
import { createHttpFetch } from './http-fetch.ts';
import { type ChatRequest, estimateTokens, type ModelEvent, type ModelUsage, tokensOfLength } from './models.ts';
import { type Asked, silence, toModelError } from './provider-errors.ts';
import { SilenceWatch } from './silence-watch.ts';

/** UTF-16 units of one event. A token takes some hundred bytes; this leaves room for servers that send paragraphs. */
const maxEventLength = 1024 * 1024;
/** UTF-16 units of output that wait for a slow consumer. */
const maxWaiting = 64 * 1024;
/** How long the rest may take after the finish reason: usage and the end of the body. */
const endMs = 2_000;

/** One OpenAI-compatible server. A call is one try: no retries, no fallback. */
export class OpenAiProvider {
  readonly #config: ProviderConfig;
  readonly #timeouts: ModelsConfig['timeouts'];
  readonly #clock: Clock;
  readonly #http = createHttpFetch();
  #client: Promise<OpenAI> | undefined;
  /** Whether this server takes `stream_options`; unknown until its first answer. */
  #takesStreamOptions: boolean | undefined;

  constructor(config: ProviderConfig, timeouts: ModelsConfig['timeouts'], clock: Clock) {
    this.#config = config;
    this.#timeouts = timeouts;
    this.#clock = clock;
  }

  /** Loads the client, which takes a tenth of a second: not before it is needed, and not while a person waits. */
  async warm(): Promise<void> {
    await this.#open();
    new Response(null).headers.get('x');
  }

  #open(): Promise<OpenAI> {
    this.#client ??= import('openai').then(
      ({ OpenAI }) =>
        new OpenAI({
          baseURL: this.#config.baseUrl,
          // Servers that need no key get one all the same: the client refuses to go without.
          apiKey: this.#config.apiKey || 'none',
          // All of these would otherwise be read from the environment.
          organization: null,
          project: null,
          adminAPIKey: null,
          webhookSecret: null,
          logLevel: 'off',
          maxRetries: 0,
          // Time-outs are ours; this is the longest that a timer can take.
          timeout: 2 ** 31 - 1,
          fetch: this.#http.fetch,
        }),
    );
    return this.#client;
  }

  /** Throws `ModelError`, or the reason of `request.signal`. */
  async *stream(model: ModelConfig, request: ChatRequest): AsyncGenerator<ModelEvent> {
    const { firstTokenMs, betweenTokensMs } = this.#timeouts;
    const asked: Asked = { provider: this.#config.name, apiKey: this.#config.apiKey, model: model.providerModel };
    request.signal.throwIfAborted();
    const call = new AbortController();
    const abort = () => {
      call.abort(request.signal.reason);
      reader?.stop(request.signal.reason);
    };
    request.signal.addEventListener('abort', abort, { once: true });
    let reader: CompletionReader | undefined;
    const watch = new SilenceWatch(this.#clock, firstTokenMs, () => {
      // What waits for a slow consumer is not the model's silence.
      if (reader?.paused) return watch.heard(betweenTokensMs);
      if (reader?.finishReason !== undefined) return reader.stop();
      const error = silence(asked, reader?.started ? betweenTokensMs : firstTokenMs, reader?.started ?? false);
      call.abort(error);
      reader?.stop(error);
    });
    try {
      const incoming = await this.#ask(model, request, call.signal);
      reader = new CompletionReader(incoming, {
        maxEventLength,
        maxWaiting,
        onProgress: () => {
          const ending = reader?.finishReason !== undefined;
          watch.heard(ending ? Math.min(endMs, betweenTokensMs) : betweenTokensMs);
        },
      });
      for (let outputs = await reader.next(); outputs; outputs = await reader.next()) {
        for (const { kind, text } of outputs) yield { type: 'output', kind, text };
      }
      const usage = reader.usage ?? estimate(request, reader.length);
      yield { type: 'finish', model: model.id, reason: reader.finishReason ?? 'other', usage };
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason;
      throw toModelError(call.signal.aborted ? call.signal.reason : error, asked, this.#clock.now());
    } finally {
      watch.stop();
      request.signal.removeEventListener('abort', abort);
      reader?.leave(this.#clock, endMs);
    }
  }

  /** The body of the answer, once its headers are there. */
  async #ask(model: ModelConfig, request: ChatRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const takes = this.#takesStreamOptions;
    try {
      const incoming = await this.#post(model, request, signal, takes !== false);
      this.#takesStreamOptions ??= true;
      return incoming;
    } catch (error) {
      if (takes !== undefined || !isBadRequest(error)) throw error;
      const incoming = await this.#post(model, request, signal, false);
      this.#takesStreamOptions = false;
      return incoming;
    }
  }

  async #post(model: ModelConfig, request: ChatRequest, signal: AbortSignal, usage: boolean): Promise<IncomingMessage> {
    const client = await this.#open();
    signal.throwIfAborted();
    const trace = currentTrace();
    const headers = trace ? { traceparent: formatTraceparent(trace) } : {};
    const body = this.#body(model, request, usage);
    const response = await client.chat.completions.create(body, { signal, headers }).asResponse();
    const incoming = this.#http.takeBody(response);
    if (!incoming) throw new BadReply('The answer has no body.');
    const type = response.headers.get('content-type') ?? '';
    if (/\b(html|json)\b/.test(type)) {
      incoming.destroy();
      throw new BadReply(`Instead of events came ${type}.`);
    }
    return incoming;
  }

  #body(model: ModelConfig, request: ChatRequest, usage: boolean): ChatCompletionCreateParamsStreaming {
    const limit = request.maxOutputTokens ?? model.maxOutputTokens;
    // OpenAI's newer models refuse `max_tokens`; many other servers know nothing else.
    const limitName = /^https:\/\/[^/]*\bopenai\b/.test(this.#config.baseUrl) ? 'max_completion_tokens' : 'max_tokens';
    return {
      model: model.providerModel,
      messages: request.messages.map(({ role, content }) => ({ role, content })),
      stream: true,
      ...(usage && { stream_options: { include_usage: true } }),
      ...(limit !== undefined && { [limitName]: limit }),
      ...(request.user !== undefined && { user: request.user }),
    };
  }
}

const isBadRequest = (error: unknown): boolean =>
  error instanceof Error && 'status' in error && (error.status === 400 || error.status === 422);

function estimate(request: ChatRequest, outputLength: number): ModelUsage {
  const inputTokens = request.messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);
  return { inputTokens, outputTokens: tokensOfLength(outputLength), estimated: true };
}
