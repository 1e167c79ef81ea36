import type { Socket } from 'node:net';
import type { ErrorCode } from '#contract/error-codes.ts';
import { newTrace } from '#platform/telemetry/trace.ts';
import { endWithError } from './raw-error.ts';

const refusals: Record<string, { status: string; code: ErrorCode; message: string }> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    code: 'payload_too_large',
    message: 'The headers of the request are too large.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    code: 'invalid_request',
    message: 'The request took too long to arrive.',
  },
};
const malformed = { status: '400 Bad Request', code: 'invalid_request', message: 'This is not HTTP.' } as const;

/** Answers what never becomes a request, and so never reaches the app, in the form of every other error. */
export function refuseMalformed(error: Error & { code?: string }, socket: Socket): void {
  // Where a reply is under way on the connection, another would land in the middle of it.
  const busy = '_httpMessage' in socket && Boolean(socket._httpMessage);
  if (error.code === 'ECONNRESET' || !socket.writable || busy) {
    socket.destroy(error);
    return;
  }
  const { status, code, message } = refusals[error.code ?? ''] ?? malformed;
  const { traceId } = newTrace();
  endWithError(socket, status, { code, message, traceId });
}
