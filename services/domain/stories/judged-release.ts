import type { Making } from '#domain/runs/run-kind.ts';
import { AppError } from '#platform/errors.ts';
import { ModerationError, type Verdict } from '#platform/moderation/moderation.ts';
import type { StoryPorts } from './story-ports.ts';
import type { StoryReply } from './story-reply.ts';

/** The story is not fit for its reader. */
export class Unsafe extends Error {
  readonly reasons: readonly string[];
  constructor(reasons: readonly string[]) {
    super('The story is not fit for children.');
    this.reasons = reasons;
  }
}

export interface ReleaseOptions {
  readonly moderation: StoryPorts['moderation'];
  readonly model: string;
  readonly age: number;
  readonly put: Making['put'];
  readonly signal: AbortSignal;
  /** Called once, with why no more is released: `Unsafe`, an `AppError`, or the signal's reason. */
  readonly onRefusal: (reason: unknown) => void;
  /** There was a judgement, which may have taken tokens: see `judged`. */
  readonly onJudged: () => void;
}

/**
 * Hands a story on part by part, each only after the story up to its end was judged fit as a whole. One judgement at a time; what came
 * meanwhile is judged together by the next.
 */
export class JudgedRelease {
  readonly #options: ReleaseOptions;
  #title = '';
  #parts: readonly string[] = [];
  #released = 0;
  #hasTitle = false;
  #work: Promise<void> | undefined;
  #refusal: { readonly reason: unknown } | undefined;
  /** Tokens that a judging model read and wrote. */
  readonly judged = { inputTokens: 0, outputTokens: 0 };

  constructor(options: ReleaseOptions) {
    this.#options = options;
  }

  /** There is more of the story. */
  offer(title: string, parts: readonly string[]): void {
    this.#title = title;
    this.#parts = [...parts];
    // Work that had nothing to do would be over before it is noted here, and stand in the way of all that comes later.
    if (this.#hasMore) this.#work ??= this.#judgeOn();
  }

  /** Judges the whole, with what stands beside the story, and hands on what is left of it. Throws why it is not fit, or was not judged. */
  async conclude(reply: StoryReply): Promise<Verdict> {
    await this.#work;
    if (this.#refusal) throw this.#refusal.reason;
    const { title, parts, summary, moral, pictureAlt, picturePrompt } = reply;
    const verdict = await this.#judge([title, ...parts, summary, moral, pictureAlt, picturePrompt]);
    this.#put(title, parts);
    return verdict;
  }

  /** When nothing is judged any more. */
  async settled(): Promise<void> {
    await this.#work;
  }

  get #hasMore(): boolean {
    return this.#parts.length > this.#released && !this.#refusal;
  }

  async #judgeOn(): Promise<void> {
    try {
      while (this.#hasMore) {
        const [title, parts] = [this.#title, this.#parts];
        await this.#judge([title, ...parts]);
        this.#put(title, parts);
      }
    } catch (reason) {
      this.#refusal = { reason };
      this.#options.onRefusal(reason);
    }
    this.#work = undefined;
  }

  async #judge(texts: readonly string[]): Promise<Verdict> {
    const { moderation, model, age, signal, onJudged } = this.#options;
    const verdict = await moderation.judge({ text: texts.join('\n\n'), age, model, signal }).catch((error: unknown) => {
      if (!(error instanceof ModerationError)) throw error;
      throw new AppError('moderation_unavailable', undefined, { cause: error });
    });
    this.judged.inputTokens += verdict.usage?.inputTokens ?? 0;
    this.judged.outputTokens += verdict.usage?.outputTokens ?? 0;
    onJudged();
    signal.throwIfAborted();
    if (!verdict.safe) throw new Unsafe(verdict.reasons);
    return verdict;
  }

  #put(title: string, parts: readonly string[]): void {
    const { put } = this.#options;
    if (!this.#hasTitle) put('title', title);
    this.#hasTitle = true;
    for (const part of parts.slice(this.#released)) {
      put('text', this.#released > 0 ? `\n\n${part}` : part);
      this.#released += 1;
    }
  }
}
