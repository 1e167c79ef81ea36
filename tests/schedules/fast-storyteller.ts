import type { ChatRequest, ModelEvent, Models } from '#platform/models/models.ts';

const info = {
  id: 'fast',
  name: 'Fast',
  contextTokens: 1_000_000,
  vision: false,
  price: { inputPerMillion: 0, outputPerMillion: 0 },
  demo: true,
};
const reply = JSON.stringify({
  title: 'The Kite',
  parts: ['A kite wished to see the sea.', 'It saw the sea, and slept.'],
  summary: 'A kite sees the sea.',
  moral: 'Wishes may wait.',
  pictureAlt: 'A kite over the sea',
  picturePrompt: 'A red kite over a calm sea',
});

/** Tells the same story within a moment, and knows how many it told at a time at most. */
export class FastStoryteller implements Models {
  readonly default = info.id;
  told = 0;
  most = 0;
  #now = 0;
  readonly #tellMs: number;

  constructor(tellMs = 5) {
    this.#tellMs = tellMs;
  }

  list = () => [info];
  get = (id: string) => (id === info.id ? info : undefined);
  warm = async () => {};

  async *stream({ signal }: ChatRequest): AsyncGenerator<ModelEvent> {
    this.#now += 1;
    this.most = Math.max(this.most, this.#now);
    try {
      await new Promise((resolve) => setTimeout(resolve, this.#tellMs));
      signal.throwIfAborted();
      yield { type: 'output', kind: 'text', text: reply };
      this.told += 1;
      const usage = { inputTokens: 500, outputTokens: 100, estimated: true };
      yield { type: 'finish', model: info.id, reason: 'stop', usage };
    } finally {
      this.#now -= 1;
    }
  }
}
