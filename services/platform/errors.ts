import { type ErrorCode, errorCodes } from '#contract/error-codes.ts';

export interface ErrorOptions {
  readonly cause?: unknown;
  readonly details?: ReadonlyArray<{ path: string; message: string }>;
  /** Seconds after which a repeat may succeed: becomes `Retry-After`. */
  readonly retryAfter?: number;
}

/**
 * The one error that says something to a client. `message` is plain words for people: what happened and what to do.
 * Everything else that is thrown becomes `internal`, is logged whole, and shows the trace ID alone.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorOptions['details'];
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string = errorCodes[code].says, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details;
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return errorCodes[this.code].status;
  }
}

export const isAppError = (error: unknown, code?: ErrorCode): error is AppError =>
  error instanceof AppError && (code === undefined || error.code === code);

export const notFound = (what: string): AppError =>
  new AppError('not_found', `This ${what} does not exist, or it is not yours.`);

export const storeUnavailable = (cause: unknown): AppError =>
  new AppError('store_unavailable', 'The database cannot be reached. Nothing was accepted; send again in a moment.', {
    cause,
    retryAfter: 2,
  });
