import i18next from 'i18next';
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
    return sessionEnds(this.code);
  }
}

export const sessionEnds = (code: ClientErrorCode): boolean =>
  code === 'unauthenticated' || code === 'session_expired' || code === 'account_disabled';

/** The sentence to show for anything that was thrown. */
export const sentenceOf = (error: unknown): string =>
  error instanceof ApiError ? sentenceFor(error) : i18next.t('ui:errors.page');

/** The server says it in English, and more exactly; in other languages its code says it. */
export function sentenceFor({ code, message }: { readonly code: ClientErrorCode; readonly message: string }): string {
  if (code !== 'unreachable' && i18next.language === 'en') return message;
  // A later server may have codes that this page does not know.
  return i18next.t(`ui:errors.${code}`, { defaultValue: message });
}

export const traceIdOf = (error: unknown): string | undefined =>
  error instanceof ApiError ? error.traceId : undefined;
