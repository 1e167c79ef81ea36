import type { ModerationKind } from '#contract/stories.ts';
import type { ModelUsage } from '#platform/models/models.ts';

/** Judges whether a text is fit for children. */
export interface Moderation {
  /** What judges at present; `none` with the demo model alone, whose stories are ours. */
  readonly kind: ModerationKind;
  /** Whether a model may be asked, whose tokens are paid for like those of the story: true until it is known that none is. */
  readonly mayAskModel: boolean;
  /** Throws `ModerationError` where nobody judged: what was not judged is not sent. Throws the signal's reason where it is aborted. */
  judge(request: ModerationRequest): Promise<Verdict>;
}

export interface ModerationRequest {
  readonly text: string;
  /** Of the youngest who will read it, in years. */
  readonly age: number;
  /** The model that judges where the provider has no moderation. */
  readonly model: string;
  readonly signal: AbortSignal;
}

export interface Verdict {
  readonly safe: boolean;
  /** What it is not safe for, in the judge's words, such as `violence`; for logs and metrics, never for people. */
  readonly reasons: readonly string[];
  readonly by: ModerationKind;
  /** Where a model judged. */
  readonly usage?: ModelUsage & { readonly model: string };
}

export class ModerationError extends Error {
  constructor(message: string, options: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'ModerationError';
  }
}

/** The provider does not moderate at all, or does not know the model of it: whoever has another judge asks that one. */
export class NoSuchEndpoint extends ModerationError {}
