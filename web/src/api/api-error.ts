import type { ErrorCode } from '#contract/error-codes.ts';
import type { ErrorDetail } from '#contract/errors.ts';

/** `unreachable`: no answer came at all (offline, refused, not JSON), so nothing is known of its effect. */
export type ClientErrorCode = ErrorCode | 'unreachable';

interface ApiErrorDetail extends Pick<ErrorDetail, 'message' | 'traceId'> {
  readonly code: ClientErrorCode;
  readonly details?: ErrorDetail['details'];
  /** Seconds after which a repeat may succeed. */
  readonly retryAfter?: number | undefined;
}

/** A request that failed: what the server said, or that it could not be reached. `traceId` finds it in the logs. */
export class ApiError extends Error {
  readonly code: ClientErrorCode;
  readonly traceId: string;
  readonly details: NonNullable<ErrorDetail['details']>;
  readonly retryAfter: number | undefined;

  constructor(detail: ApiErrorDetail, options?: ErrorOptions) {
    super(detail.message, options);
    this.name = 'ApiError';
    this.code = detail.code;
    this.traceId = detail.traceId;
    this.details = detail.details ?? [];
    this.retryAfter = detail.retryAfter;
  }

  /** The session behind the request is over: only signing in again helps, if anything. */
  get endsSession(): boolean {
    return this.code === 'unauthenticated' || this.code === 'session_expired' || this.code === 'account_disabled';
  }
}

/** The sentence to show for anything that was thrown. */
export const sentenceOf = (error: unknown): string =>
  error instanceof ApiError ? error.message : 'Something went wrong in this page.';

export const traceIdOf = (error: unknown): string | undefined =>
  error instanceof ApiError ? error.traceId : undefined;
