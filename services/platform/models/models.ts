import type { PartKind } from '#contract/conversations.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import type { ModelInfo } from '#contract/models.ts';

/** The language models that the operator configured, whichever providers they come from. */
export interface Models {
  /** In the order of the configuration. */
  list(): readonly ModelInfo[];
  /** The id of the model that answers where none is chosen. */
  readonly default: string;
  get(id: string): ModelInfo | undefined;
  /**
   * Streams a reply. Retries with jitter, then the fallback model, only before the first token; throws `ModelError` after
   * that. Text that arrived together comes as one event. Ends with `finish`. Aborting `signal` ends the call to the provider and throws the signal's reason.
   */
  stream(request: ChatRequest): AsyncIterable<ModelEvent>;
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly signal: AbortSignal;
  readonly maxOutputTokens?: number;
  /** Asks for one JSON object, where the provider can be asked for it: the prompt has to say so as well. */
  readonly json?: boolean;
  /** An opaque id of the person, for the provider's abuse checks. */
  readonly user?: string;
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export type ModelEvent =
  | { readonly type: 'output'; readonly kind: PartKind; readonly text: string }
  /** `model` is the one that answered: the fallback's where it stood in. */
  | { readonly type: 'finish'; readonly model: string; readonly reason: FinishReason; readonly usage: ModelUsage };

export type FinishReason = 'stop' | 'length' | 'content_filter' | 'other';

export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly thinkingTokens?: number;
  /** True where the provider sent no usage and these are counted from the text. */
  readonly estimated: boolean;
}

/** What a provider did wrong, in plain words for the person who waits (`message`) and with what it said (`cause`). */
export class ModelError extends Error {
  readonly code: Extract<ErrorCode, `model_${string}`>;
  /** Whether the same call may succeed a moment later. */
  readonly retryable: boolean;
  /** Milliseconds that the provider asked to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: Extract<ErrorCode, `model_${string}`>,
    message: string,
    options: { retryable: boolean; retryAfterMs?: number; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = 'ModelError';
    this.code = code;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Tokens of a text, roughly: 3.5 bytes of UTF-8 each, a little below what English takes, so that it rather counts too many. By bytes,
 * since tokenizers begin from those: a character of Chinese takes about as much as four letters.
 */
export const estimateTokens = (text: string): number => tokensOfLength(Buffer.byteLength(text));

/** The same for a text of which only its length is known; in UTF-16 units, that is too few for what is not in Latin letters. */
export const tokensOfLength = (length: number): number => Math.ceil(length / 3.5);

/**
 * Tokens of a text, rather too many, for what is held of a budget: three bytes make one. English takes four and more, Chinese and
 * Japanese about three (a character), Cyrillic four to five.
 */
export const tokensAtMost = (text: string): number => Math.ceil(Buffer.byteLength(text) / 3);
