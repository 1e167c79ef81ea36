import type { PartKind } from '#contract/conversations.ts';
import type { ChatRequest, ModelEvent, Models } from '#platform/models/models.ts';

const info = {
  id: 'scripted',
  name: 'Scripted',
  contextTokens: 100_000,
  vision: false,
  price: { inputPerMillion: 0, outputPerMillion: 0 },
  demo: true,
};

/** One call to the model. Whoever holds it decides what it says, and when. */
export class ModelCall {
  /** Starts with the call's number, so that the output of two attempts never looks the same. */
  readonly #said: Array<{ kind: PartKind; text: string }> = [];
  readonly #signal: AbortSignal;
  #unread: ModelEvent[] = [];
  #wake = () => {};
  #over = false;

  constructor(number: number, signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake());
    this.say('text', `call ${number}: `);
  }

  get open(): boolean {
    return !this.#over && !this.#signal.aborted;
  }

  /** Everything said, as one well-formed text, whatever its kind. */
  get text(): string {
    return this.#said
      .map(({ text }) => text)
      .join('')
      .toWellFormed();
  }

  say(kind: PartKind, text: string): void {
    if (!this.open) return;
    this.#said.push({ kind, text });
    this.#unread.push({ type: 'output', kind, text });
    this.#wake();
  }

  finish(): void {
    if (!this.open) return;
    this.#over = true;
    const usage = { inputTokens: 1, outputTokens: 1, estimated: true };
    this.#unread.push({ type: 'finish', model: info.id, reason: 'stop', usage });
    this.#wake();
  }

  async *events(): AsyncGenerator<ModelEvent> {
    for (;;) {
      this.#signal.throwIfAborted();
      const events = this.#unread.splice(0);
      yield* events;
      if (events.at(-1)?.type === 'finish') return;
      if (this.#unread.length > 0 || this.#signal.aborted) continue;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** A model that says what a test has it say. */
export class ScriptedModels implements Models {
  readonly default = info.id;
  readonly calls: ModelCall[] = [];
  onCall: (call: ModelCall) => void = () => {};

  list = () => [info];
  get = (id: string) => (id === info.id ? info : undefined);

  stream({ signal }: ChatRequest): AsyncIterable<ModelEvent> {
    const call = new ModelCall(this.calls.length + 1, signal);
    this.calls.push(call);
    this.onCall(call);
    return call.events();
  }
}
