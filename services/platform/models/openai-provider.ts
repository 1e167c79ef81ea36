import type { IncomingMessage } from 'node:http';
import type { OpenAI } from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { Clock } from '#platform/clock.ts';
import type { ModelConfig, ModelsConfig, ProviderConfig } from '#platform/config/config.ts';
import { loadOpenAi } from '#platform/provider/openai-client.ts';
import { currentTrace, formatTraceparent } from '#platform/telemetry/trace.ts';
import { BadReply } from './completion-reader.ts';
import { createHttpFetch } from './http-fetch.ts';
import type { ChatRequest } from './models.ts';
import { ProviderCall } from './provider-call.ts';
import type { Asked } from './provider-errors.ts';

/** What a call asks for that not every server takes. */
interface Wish {
  readonly usage: boolean;
  readonly json: boolean;
}

/** One OpenAI-compatible server. A call is one try: no retries, no fallback. */
export class OpenAiProvider {
  readonly #config: ProviderConfig;
  readonly #timeouts: ModelsConfig['timeouts'];
  readonly #clock: Clock;
  readonly #http = createHttpFetch();
  #client: Promise<OpenAI> | undefined;
  /** Whether this server takes `stream_options`; unknown until its first answer. */
  #takesStreamOptions: boolean | undefined;
  /** Whether a model of it takes `response_format`, by id, as far as it was asked. */
  readonly #takesJson = new Map<string, boolean>();

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
    this.#client ??= loadOpenAi(this.#config, this.#http.fetch);
    return this.#client;
  }

  /** Asks once. The call begins to run with its first `next`. */
  call(model: ModelConfig, request: ChatRequest): ProviderCall {
    const asked: Asked = { provider: this.#config.name, apiKey: this.#config.apiKey, model: model.providerModel };
    return new ProviderCall({
      asked,
      request,
      timeouts: this.#timeouts,
      clock: this.#clock,
      ask: (signal) => this.#ask(model, request, signal),
    });
  }

  /** The body of the answer, once its headers are there. What the server refuses for what not every server takes is asked without that. */
  async #ask(model: ModelConfig, request: ChatRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const wishes = this.#wishesFor(model, request);
    for (const [index, wish] of wishes.entries()) {
      try {
        const incoming = await this.#post(model, request, signal, wish);
        this.#takesStreamOptions ??= wish.usage;
        if (request.json && !this.#takesJson.has(model.id)) this.#takesJson.set(model.id, wish.json);
        return incoming;
      } catch (error) {
        if (index === wishes.length - 1 || !isBadRequest(error)) throw error;
      }
    }
    throw new Error('There was nothing to ask.');
  }

  /** From the one that asks for most to the plainest, without what the server is known to refuse. */
  #wishesFor({ id }: ModelConfig, { json = false }: ChatRequest): readonly Wish[] {
    const either = (taken: boolean | undefined) => (taken === undefined ? [true, false] : [taken]);
    const jsons = json ? either(this.#takesJson.get(id)) : [false];
    return either(this.#takesStreamOptions).flatMap((usage) => jsons.map((one) => ({ usage, json: one })));
  }

  async #post(model: ModelConfig, request: ChatRequest, signal: AbortSignal, wish: Wish): Promise<IncomingMessage> {
    const client = await this.#open();
    signal.throwIfAborted();
    const trace = currentTrace();
    const headers = trace ? { traceparent: formatTraceparent(trace) } : {};
    const body = this.#body(model, request, wish);
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

  #body(model: ModelConfig, request: ChatRequest, { usage, json }: Wish): ChatCompletionCreateParamsStreaming {
    // A fallback may write less at a time than the model that it stands in for.
    const limit = Math.min(request.maxOutputTokens ?? Infinity, model.maxOutputTokens ?? Infinity);
    // OpenAI's newer models refuse `max_tokens`; many other servers know nothing else.
    const limitName = /^https:\/\/[^/]*\bopenai\b/.test(this.#config.baseUrl) ? 'max_completion_tokens' : 'max_tokens';
    return {
      model: model.providerModel,
      messages: request.messages.map(({ role, content }) => ({ role, content })),
      stream: true,
      ...(usage && { stream_options: { include_usage: true } }),
      ...(json && { response_format: { type: 'json_object' } }),
      ...(Number.isFinite(limit) && { [limitName]: limit }),
      ...(request.user !== undefined && { user: request.user }),
    };
  }
}

const isBadRequest = (error: unknown): boolean =>
  error instanceof Error && 'status' in error && (error.status === 400 || error.status === 422);
