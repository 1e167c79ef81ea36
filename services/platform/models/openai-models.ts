import type { ModelInfo } from '#contract/models.ts';
import type { Clock } from '#platform/clock.ts';
import type { ModelConfig, ModelsConfig } from '#platform/config/config.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backOffMs, wait } from './back-off.ts';
import type { Output } from './completion-reader.ts';
import type { ModelMetrics } from './model-metrics.ts';
import { type ChatRequest, ModelError, type ModelEvent, type Models } from './models.ts';
import { OpenAiProvider } from './openai-provider.ts';
import type { ProviderCall } from './provider-call.ts';

export interface ModelsTools {
  readonly logger: Logger;
  readonly metrics: ModelMetrics;
  readonly clock: Clock;
  /** Gives [0, 1). */
  readonly random: () => number;
}

interface Entry {
  readonly config: ModelConfig;
  readonly info: ModelInfo;
  readonly provider: OpenAiProvider;
}

/** A model that has begun to answer. */
interface Answer {
  readonly call: ProviderCall;
  /** `undefined` where the answer is empty. */
  readonly first: readonly Output[] | undefined;
  readonly config: ModelConfig;
  /** Since the model was first asked. */
  readonly seconds: () => number;
}

/** A provider that asks for more patience than this is not waited for. */
const maxRetryAfterMs = 15_000;

/** The models of OpenAI-compatible servers: retries, then fallbacks, both before the first token only. */
export class OpenAiModels implements Models {
  readonly default: string;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #attempts: number;
  readonly #tools: ModelsTools;

  constructor(config: ModelsConfig, tools: ModelsTools) {
    this.default = config.default;
    this.#attempts = config.attempts;
    this.#tools = tools;
    this.#entries = new Map(
      config.providers.flatMap((providerConfig) => {
        const provider = new OpenAiProvider(providerConfig, config.timeouts, tools.clock);
        return providerConfig.models.map(
          (model) => [model.id, { config: model, info: infoOf(model), provider }] as const,
        );
      }),
    );
  }

  list(): readonly ModelInfo[] {
    return [...this.#entries.values()].map(({ info }) => info);
  }

  get(id: string): ModelInfo | undefined {
    return this.#entries.get(id)?.info;
  }

  async warm(): Promise<void> {
    await Promise.all([...new Set([...this.#entries.values()].map(({ provider }) => provider))].map((p) => p.warm()));
  }

  async *stream(request: ChatRequest): AsyncGenerator<ModelEvent> {
    const answer = await this.#begin(request);
    const { call, first, config } = answer;
    let failure: unknown;
    try {
      for (let outputs = first; outputs; outputs = await call.next()) {
        for (const { kind, text } of outputs) yield { type: 'output', kind, text };
      }
      yield { type: 'finish', model: config.id, reason: call.reason, usage: call.usage };
    } catch (error) {
      failure = call.explain(error);
      throw failure;
    } finally {
      call.close();
      this.#tools.metrics.ended(config.id, answer.seconds(), codeOf(failure));
    }
  }

  /** Asks the model, and those that stand in for it, until one begins to answer. */
  async #begin(request: ChatRequest): Promise<Answer> {
    const chain = this.#chain(request.model);
    for (const [index, entry] of chain.entries()) {
      try {
        return await this.#ask(entry, request);
      } catch (error) {
        const next = chain[index + 1];
        if (!next || !(error instanceof ModelError) || request.signal.aborted) throw error;
        this.#tools.metrics.fellBack(entry.config.id);
        this.#tools.logger.warn(`The model ${entry.config.id} failed; its fallback ${next.config.id} is asked.`, {
          'event.action': 'model-fallback',
          'gen_ai.request.model': entry.config.id,
          'gen_ai.response.model': next.config.id,
          'error.code': error.code,
          error,
        });
      }
    }
    throw unknownModel(request.model);
  }

  /** The model and those that stand in for it, each once. */
  #chain(id: string): readonly Entry[] {
    const chain: Entry[] = [];
    for (let entry = this.#entries.get(id); entry && !chain.includes(entry); ) {
      chain.push(entry);
      entry = entry.config.fallback === undefined ? undefined : this.#entries.get(entry.config.fallback);
    }
    return chain;
  }

  /** One model with its retries, up to its first output. */
  async #ask({ config, provider }: Entry, request: ChatRequest): Promise<Answer> {
    const { metrics, clock } = this.#tools;
    const begin = clock.monotonic();
    const seconds = () => (clock.monotonic() - begin) / 1000;
    for (let tries = 1; ; tries += 1) {
      const call = provider.call(config, request);
      try {
        const first = await call.first();
        if (first) metrics.firstToken(config.id, seconds());
        return { call, first, config, seconds };
      } catch (thrown) {
        const error = call.explain(thrown);
        call.close();
        if (!(error instanceof ModelError) || !this.#mayRetry(error, tries)) {
          metrics.ended(config.id, seconds(), codeOf(error));
          throw error;
        }
        await this.#backOff(config.id, error, tries, request.signal).catch((reason: unknown) => {
          metrics.ended(config.id, seconds(), undefined);
          throw reason;
        });
      }
    }
  }

  #mayRetry(error: ModelError, tries: number): boolean {
    return error.retryable && tries < this.#attempts && (error.retryAfterMs ?? 0) <= maxRetryAfterMs;
  }

  async #backOff(model: string, error: ModelError, tries: number, signal: AbortSignal): Promise<void> {
    const { metrics, logger, clock, random } = this.#tools;
    const jitter = backOffMs(tries, random);
    metrics.retried(model, error.code);
    logger.warn(`The model ${model} failed before its first token; it is asked again.`, {
      'event.action': 'model-retry',
      'gen_ai.request.model': model,
      'error.code': error.code,
      error,
    });
    // Jitter comes on top of what the provider asked for: all who were refused together were told the same moment.
    await wait((error.retryAfterMs ?? 0) + jitter, clock, signal);
  }
}

const unknownModel = (id: string): ModelError =>
  new ModelError('model_rejected', `There is no model “${id}”. Choose another one.`, { retryable: false });

/** An abort is no failure of the model's. */
const codeOf = (error: unknown) => (error instanceof ModelError ? error.code : undefined);

function infoOf({ id, name, contextTokens, maxOutputTokens, vision, price }: ModelConfig): ModelInfo {
  const longest = maxOutputTokens === undefined ? {} : { maxOutputTokens };
  return { id, name, contextTokens, ...longest, vision, price, demo: false };
}
