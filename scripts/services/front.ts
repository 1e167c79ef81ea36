import { Agent, createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createProxyServer } from 'http-proxy-3';
import type { ErrorDetail } from '#contract/errors.ts';
import { continueTrace, formatTraceparent } from '#platform/telemetry/trace.ts';

export type FrontTarget = 'api' | 'realtime';

/** Which process serves a path; the same split as at the edge. The web app comes from api. */
export function routePath(path: string): FrontTarget {
  return /^\/(?:api\/chat|api\/runs|ws)(?:[/?]|$)/.test(path) ? 'realtime' : 'api';
}

/**
 * One address for several processes, as the edge gives in a cluster: it forwards HTTP, events as they come and WebSockets,
 * in turn to the addresses (`http://127.0.0.1:3001`) that `addressesOf` gives, and has no policy of its own.
 */
export function createFront(addressesOf: (target: FrontTarget) => readonly string[]): Server {
  const agent = new Agent({ keepAlive: true });
  const proxy = createProxyServer({ agent, xfwd: true, ws: true });
  let turn = 0;
  const pick = (path: string): string | undefined => {
    const addresses = addressesOf(routePath(path));
    turn = (turn + 1) % Number.MAX_SAFE_INTEGER;
    return addresses[turn % addresses.length];
  };

  proxy.on('proxyRes', (reply, _request, response) => {
    // Without this a reader of events that has none yet would not even learn that it is connected.
    if (reply.headers['content-type']?.startsWith('text/event-stream')) setImmediate(() => response.flushHeaders());
    // A process that dies in the middle of a reply must look like that, not like silence.
    reply.once('close', () => {
      if (!reply.complete) response.destroy();
    });
  });
  proxy.on('error', (_error, request, reply) => refuse(request, reply));

  const server = createServer((request, response) => {
    const target = pick(request.url ?? '/');
    if (target) proxy.web(request, response, { target });
    else refuse(request, response);
  });
  server.requestTimeout = 0;
  server.on('upgrade', (request, socket: Socket, head) => {
    socket.on('error', () => socket.destroy());
    const target = pick(request.url ?? '/');
    if (target) proxy.ws(request, socket, head, { target });
    else refuse(request, socket);
  });
  server.on('close', () => agent.destroy());
  return server;
}

/** Answers where no process can: with the error that a client knows, while there is still something to answer. */
function refuse(request: IncomingMessage, reply: ServerResponse | Socket): void {
  const trace = continueTrace(request.headers['traceparent']?.toString(), request.headers['x-trace-id']?.toString());
  const error: ErrorDetail = {
    code: 'too_busy',
    message: 'This part of the service cannot be reached right now; try again shortly.',
    traceId: trace.traceId,
  };
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'retry-after': '1',
    'x-trace-id': trace.traceId,
    traceparent: formatTraceparent(trace),
  };
  if (!(reply instanceof ServerResponse)) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    reply.end(`HTTP/1.1 503 Service Unavailable\r\n${lines.join('\r\n')}\r\nconnection: close\r\n\r\n`);
    return;
  }
  if (reply.headersSent) return void reply.destroy();
  reply.writeHead(503, headers).end(JSON.stringify({ error }));
}
