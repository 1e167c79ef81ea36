import type { Duplex } from 'node:stream';
import type { ErrorDetail } from '#contract/errors.ts';

/** Answers with an error on a connection of which no request became, and closes it. `status`: with its words. */
export function endWithError(socket: Duplex, status: string, detail: ErrorDetail): void {
  const body = JSON.stringify({ error: detail });
  socket.end(
    [
      `HTTP/1.1 ${status}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
      'X-Content-Type-Options: nosniff',
      `X-Trace-Id: ${detail.traceId}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
