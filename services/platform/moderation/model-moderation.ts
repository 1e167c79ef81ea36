import { ModelError, type Models, type ModelUsage } from '#platform/models/models.ts';
import { judgeMessages } from './judge-messages.ts';
import { type Moderation, ModerationError, type ModerationRequest, type Verdict } from './moderation.ts';
import { type ModelVerdict, readVerdict } from './read-verdict.ts';

export interface ModelModerationTools {
  readonly models: Pick<Models, 'stream'>;
  /** A new word that nobody can guess. */
  readonly newCheck: () => string;
}

/** What one question cost, and what came of it. */
interface Reply {
  readonly verdict: ModelVerdict | undefined;
  readonly model: string;
  readonly usage: ModelUsage;
}

/** Models that think spend most of it before their first word. */
const maxOutputTokens = 4_000;
/** UTF-16 units; a verdict has some hundred. */
const maxLength = 20_000;

/**
 * A second model call judges. Retries and fallbacks before its first token are the models' own. A reply that is not a clear verdict, or
 * that breaks off, is asked for once more; after that nobody judged.
 */
export class ModelModeration implements Moderation {
  readonly kind = 'model';
  readonly mayAskModel = true;
  readonly #tools: ModelModerationTools;

  constructor(tools: ModelModerationTools) {
    this.#tools = tools;
  }

  async judge(request: ModerationRequest): Promise<Verdict> {
    request.signal.throwIfAborted();
    const first = await this.#ask(request);
    const last = first?.verdict ? first : await this.#ask(request);
    if (!last?.verdict) throw new ModerationError(`The model ${request.model} gave no clear verdict, twice.`, {});
    const usage = first && first !== last ? add(first.usage, last.usage) : last.usage;
    return { ...last.verdict, by: 'model', usage: { ...usage, model: last.model } };
  }

  /** Undefined where the model broke off. */
  async #ask({ text, age, model, signal }: ModerationRequest): Promise<Reply | undefined> {
    const { models, newCheck } = this.#tools;
    const check = newCheck();
    let said = '';
    try {
      for await (const event of models.stream({
        model,
        messages: judgeMessages({ text, age, check }),
        signal,
        maxOutputTokens,
      })) {
        if (event.type === 'finish') {
          const whole = event.reason === 'stop' || event.reason === 'other';
          return { verdict: whole ? readVerdict(said, check) : undefined, model: event.model, usage: event.usage };
        }
        if (event.kind !== 'thinking') said += event.text;
        if (said.length > maxLength) return undefined;
      }
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ModelError && error.retryable) return undefined;
      throw new ModerationError(`The model ${model} could not judge.`, { cause: error });
    }
  }
}

const add = (a: ModelUsage, b: ModelUsage): ModelUsage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  thinkingTokens: (a.thinkingTokens ?? 0) + (b.thinkingTokens ?? 0),
  estimated: a.estimated || b.estimated,
});
