import type { ModelInfo } from '#contract/models.ts';
import type { Clock } from '#platform/clock.ts';
import { wait } from './back-off.ts';
import { demoReply } from './demo-replies.ts';
import { demoStory } from './demo-stories.ts';
import { type ChatRequest, estimateTokens, ModelError, type ModelEvent, type Models } from './models.ts';

export interface DemoOptions {
  readonly clock: Clock;
  /** Gives [0, 1): which of its answers it takes. */
  readonly random: () => number;
  /** Between two words; the default is a pace that people can read along with. */
  readonly wordMs?: number;
}

const info: ModelInfo = {
  id: 'demo',
  name: 'Demo (no real model is set)',
  contextTokens: 32_000,
  vision: false,
  price: { inputPerMillion: 0, outputPerMillion: 0 },
  demo: true,
};

/** What answers where no provider is configured: prepared sentences, streamed from this process, without a key. */
export class DemoModel implements Models {
  readonly default = info.id;
  readonly #options: DemoOptions;

  constructor(options: DemoOptions) {
    this.#options = options;
  }

  list(): readonly ModelInfo[] {
    return [info];
  }

  get(id: string): ModelInfo | undefined {
    return id === info.id ? info : undefined;
  }

  async warm(): Promise<void> {}

  async *stream({ model, messages, signal, maxOutputTokens, json }: ChatRequest): AsyncGenerator<ModelEvent> {
    const { clock, random, wordMs = 35 } = this.#options;
    if (model !== info.id)
      throw new ModelError('model_rejected', `There is no model “${model}”.`, { retryable: false });
    signal.throwIfAborted();
    let text = '';
    let cut = false;
    const reply = json ? demoStory(messages, random) : demoReply(messages, random);
    for (const word of reply.match(/\S+\s*|\s+/g) ?? []) {
      cut = maxOutputTokens !== undefined && estimateTokens(text + word) > maxOutputTokens;
      if (cut) break;
      await wait(wordMs, clock, signal);
      text += word;
      yield { type: 'output', kind: 'text', text: word };
    }
    const inputTokens = messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);
    const usage = { inputTokens, outputTokens: estimateTokens(text), estimated: true };
    yield { type: 'finish', model: info.id, reason: cut ? 'length' : 'stop', usage };
  }
}
