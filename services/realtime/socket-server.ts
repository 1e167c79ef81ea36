import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { closeCodes, maxFrameBytes } from '#contract/socket.ts';
import { isAppError } from '#platform/errors.ts';
import { toErrorDetail } from '#platform/http/error-response.ts';
import { endWithError } from '#platform/http/raw-error.ts';
import { continueTrace, runInTrace, type Trace } from '#platform/telemetry/trace.ts';
import type { Realtime } from './realtime.ts';
import { SocketConnection } from './socket-connection.ts';

/** A socket that is turned away and does not answer its closing is cut off after this. */
const farewellMs = 2_000;

/** Anything else that asks to change protocols (HTTP/2 without TLS, as some clients do by default) is a plain request to the app. */
export const isForSocket = (req: IncomingMessage): boolean =>
  req.url?.split('?', 1)[0] === '/ws' && req.headers.upgrade?.toLowerCase() === 'websocket';

/**
 * Takes the WebSockets of `GET /ws?ticket=` on a server that upgrades what `isForSocket`, `max` at a time. What is wrong with one is
 * said by its close code; one that a page of another site asks for is none: it is refused with 403 before its ticket is looked at
 * (RFC 6455, section 10.2). What sends no `Origin` is a program.
 */
export function acceptSockets(server: Server, realtime: Realtime, max: number): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
    clientTracking: false,
  });
  let open = 0;
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    const trace = continueTrace(header(req, 'traceparent'), header(req, 'x-trace-id'));
    try {
      realtime.refuseForeignPage(req);
    } catch (error) {
      return runInTrace(trace, () => refuse(realtime, socket, error, trace));
    }
    const query = (req.url ?? '').split('?', 2)[1];
    sockets.handleUpgrade(req, socket, head, (webSocket) => {
      webSocket.on('error', (error) => logBadFrame(realtime, error));
      if (open >= max) {
        realtime.chat.metrics.limitRefusals.inc({ policy: 'max_sockets' });
        return turnAway(realtime, webSocket, closeCodes.tooBusy, 'too_busy');
      }
      if (realtime.lifecycle.draining.aborted) return turnAway(realtime, webSocket, closeCodes.restart, 'draining');
      open += 1;
      realtime.chat.metrics.websocketConnections.set(open);
      webSocket.once('close', () => {
        open -= 1;
        realtime.chat.metrics.websocketConnections.set(open);
      });
      void runInTrace(trace, () => greet(realtime, webSocket, new URLSearchParams(query).get('ticket') ?? ''));
    });
  });
}

function refuse({ chat }: Realtime, socket: Duplex, error: unknown, { traceId }: Trace): void {
  const detail = toErrorDetail(error, traceId);
  chat.logger.info(
    'A page of another site asked for a socket. Where it should have one, name its origin in CORS_ORIGINS.',
    {
      'event.action': 'socket_open',
      'event.outcome': 'failure',
      'error.code': detail.code,
    },
  );
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  endWithError(socket, '403 Forbidden', detail);
}

async function greet(realtime: Realtime, socket: WebSocket, ticket: string): Promise<void> {
  // What the client sends before it is known waits in the kernel.
  socket.pause();
  try {
    const principal = await realtime.sessions.redeemTicket(ticket);
    const leave = await realtime.limits.sockets.hold(principal.id);
    if (socket.readyState !== socket.OPEN) return leave();
    socket.once('close', leave);
    new SocketConnection(realtime, socket, principal);
  } catch (error) {
    if (isAppError(error, 'too_many_streams')) {
      turnAway(realtime, socket, closeCodes.tooBusy, error.code);
    } else if (isAppError(error) && error.status < 500) {
      socket.close(closeCodes.policy, error.code);
    } else {
      realtime.chat.logger.warn('A socket could not be opened.', { 'event.action': 'socket_open', error });
      socket.close(closeCodes.tooBusy, isAppError(error) ? error.code : 'internal');
    }
  } finally {
    socket.resume();
  }
}

function turnAway({ chat }: Realtime, socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  const cancel = chat.clock.after(farewellMs, () => socket.terminate());
  socket.once('close', cancel);
}

const header = (req: IncomingMessage, name: string): string | undefined => {
  const value = req.headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** Too large or malformed: `ws` has closed the socket with the code for it. */
function logBadFrame({ chat }: Realtime, error: Error): void {
  chat.logger.debug('A socket sent what is not a frame.', { 'event.action': 'socket_error', error });
}
