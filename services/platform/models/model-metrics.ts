import type { ErrorCode } from '#contract/error-codes.ts';

/** What the calls to models tell the metrics. `model` is always the id that the operator configured. */
export interface ModelMetrics {
  /** Seconds from the request until the model's first token, its retries included. */
  firstToken(model: string, seconds: number): void;
  /** Once for each model that a request turned to; no `errorCode` where it finished or was aborted. */
  ended(model: string, seconds: number, errorCode: ErrorCode | undefined): void;
  /** Another try at the same model, because of `reason`. */
  retried(model: string, reason: ErrorCode): void;
  /** `model` failed before its first token, and its fallback was asked instead. */
  fellBack(model: string): void;
}
