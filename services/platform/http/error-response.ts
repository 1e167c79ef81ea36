import type { ErrorRequestHandler, Response } from 'express';
import type { ErrorDetail } from '#contract/errors.ts';
import { AppError, isAppError } from '#platform/errors.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { recordOf } from './request-record.ts';

const internalMessage = 'Something went wrong on our side. Try again; if it stays, report it with the trace ID.';

/** What a client is told of an error, over HTTP, SSE and WebSocket alike. Of an unknown one it learns the trace ID alone. */
export function toErrorDetail(error: unknown, traceId: string): ErrorDetail {
  if (!isAppError(error) || error.code === 'internal') return { code: 'internal', message: internalMessage, traceId };
  const { code, message, details } = error;
  const retryAfter = retryAfterOf(error);
  return {
    code,
    message,
    ...(details && { details: details.map((detail) => ({ ...detail })) }),
    ...(retryAfter !== undefined && { retryAfter }),
    traceId,
  };
}

/** Whole seconds, at least one. */
const retryAfterOf = ({ retryAfter }: AppError): number | undefined =>
  retryAfter === undefined ? undefined : Math.max(1, Math.ceil(retryAfter));

/**
 * Writes an error where its cause is ours: unknown errors whole at error, those that say what failed (`status` 500 and
 * more) at warn. What a client did wrong is in the request log.
 */
export function logError(logger: Logger, error: unknown): void {
  if (!isAppError(error) || error.code === 'internal') {
    logger.error('An error that nobody expected', { 'error.code': 'internal', error });
  } else if (error.status >= 500) {
    logger.warn(error.message, { 'error.code': error.code, error });
  }
}

/**
 * Answers a request with an error. Where the reply has begun already there is nothing left to say: an event stream is
 * ended, so that its reader reconnects; any other reply is cut, so that it does not pass for whole.
 */
export function sendError(res: Response, error: unknown): void {
  const record = recordOf(res);
  const detail = toErrorDetail(error, record.trace.traceId);
  record.errorCode = detail.code;
  if (res.writableEnded || res.destroyed) return;
  if (res.headersSent) {
    const isStream = String(res.getHeader('content-type')).startsWith('text/event-stream');
    if (isStream) res.end();
    else res.destroy();
    return;
  }
  const status = isAppError(error) ? error.status : 500;
  // What the handler prepared for its own reply describes another body.
  for (const name of ['Content-Type', 'Content-Length', 'Content-Encoding', 'ETag', 'Last-Modified'])
    res.removeHeader(name);
  res.setHeader('Cache-Control', 'no-store');
  if (detail.retryAfter !== undefined) res.setHeader('Retry-After', String(detail.retryAfter));
  if (status === 401) res.setHeader('WWW-Authenticate', 'Bearer');
  res.status(status).json({ error: detail });
}

/** The last middleware of the app: what was thrown anywhere becomes a reply and, where it is ours, a log line. */
export function errorConverter(logger: Logger): ErrorRequestHandler {
  return (thrown, req, res, _next) => {
    const gone = res.destroyed || (req.destroyed && !req.complete);
    if (gone && isDisconnect(thrown)) {
      logger.debug('The client went away', { 'event.action': 'client_gone' });
      return;
    }
    const error = fromExpress(thrown);
    logError(logger, error);
    sendError(res, error);
  };
}

/** Express and its parts throw errors with a `status` of their own where a request is malformed (`/%E0%A4%A`). */
function fromExpress(error: unknown): unknown {
  if (isAppError(error) || !(error instanceof Error) || !('status' in error)) return error;
  if (error.status === 404) return new AppError('not_found', undefined, { cause: error });
  const theirs = typeof error.status === 'number' && error.status >= 400 && error.status < 500;
  return theirs ? new AppError('invalid_request', 'The request is not well formed.', { cause: error }) : error;
}

const disconnectCodes: readonly unknown[] = [
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ABORT_ERR',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
];

const isDisconnect = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'AbortError' || ('code' in error && disconnectCodes.includes(error.code)));
