import type { ModelInfo } from '#contract/models.ts';
import type { Clock } from '#platform/clock.ts';
import type { ModelConfig, ModelsConfig } from '#platform/config/config.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backOffMs, wait } from './back-off.ts';
import type { ModelMetrics } from './model-metrics.ts';
import { type ChatRequest, ModelError, type ModelEvent, type Models } from './models.ts';
import { OpenAiProvider } from './openai-provider.ts';

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
    const chain = this.#chain(request.model);
    for (const [index, entry] of chain.entries()) {
      const call = { started: false };
      try {
        return yield* this.#ask(entry, request, call);
      } catch (error) {
        const next = chain[index + 1];
        if (!next || call.started || request.signal.aborted || !(error instanceof ModelError)) throw error;
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
  }

  /** The model and those that stand in for it, each once. */
  #chain(id: string): readonly Entry[] {
    const chain: Entry[] = [];
    for (let entry = this.#entries.get(id); entry && !chain.includes(entry); ) {
      chain.push(entry);
      entry = entry.config.fallback === undefined ? undefined : this.#entries.get(entry.config.fallback);
    }
    if (chain.length === 0) {
      throw new ModelError('model_rejected', `There is no model “${id}”. Choose another one.`, { retryable: false });
    }
    return chain;
  }

  /** One model with its retries. `call.started` tells the caller that there was output. */
  async *#ask(
    { config, provider }: Entry,
    request: ChatRequest,
    call: { started: boolean },
  ): AsyncGenerator<ModelEvent> {
    const { metrics, clock } = this.#tools;
    const begin = clock.monotonic();
    const seconds = () => (clock.monotonic() - begin) / 1000;
    let failure: ModelError | undefined;
    try {
      for (let tries = 1; ; tries += 1) {
        try {
          for await (const event of provider.stream(config, request)) {
            if (!call.started && event.type === 'output') {
              call.started = true;
              metrics.firstToken(config.id, seconds());
            }
            yield event;
          }
          return;
        } catch (error) {
          if (!(error instanceof ModelError) || request.signal.aborted) throw error;
          failure = error;
          if (call.started || !this.#mayRetry(error, tries)) throw error;
          await this.#backOff(config.id, error, tries, request.signal);
          failure = undefined;
        }
      }
    } finally {
      metrics.ended(config.id, seconds(), request.signal.aborted ? undefined : failure?.code);
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

function infoOf({ id, name, contextTokens, vision, price }: ModelConfig): ModelInfo {
  return { id, name, contextTokens, vision, ...(price && { price }), demo: false };
}
