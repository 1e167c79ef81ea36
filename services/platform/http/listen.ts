import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { refuseMalformed } from './refuse-malformed.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** The setting that `port` comes from, for the words of an error. */
  readonly setting?: string;
}

export interface Listening {
  readonly port: number;
  /**
   * Takes no new connection, closes idle ones, lets the rest finish for `graceMs` and then cuts them. Answers how many
   * were cut. WebSockets count too: whoever opened them closes them before.
   */
  close(graceMs: number): Promise<number>;
}

/** Longer than an edge keeps its idle connections (Nginx: 60 s), so that it is never the one to find a closed one. */
const keepAliveMs = 75_000;
const headersMs = 20_000;
/** For a whole request to arrive; a reply, and so an event stream, may take any time. */
const requestMs = 120_000;
const idleCheckMs = 25;

/** Starts `server` on its address; the error of an address that cannot be had says what to do. */
export async function listen(server: Server, { host, port, setting = 'PORT' }: ListenOptions): Promise<Listening> {
  server.keepAliveTimeout = keepAliveMs;
  server.headersTimeout = headersMs;
  server.requestTimeout = requestMs;
  server.on('clientError', refuseMalformed);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error, { host, port, setting });
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs) => close(server, sockets, graceMs),
  };
}

async function close(server: Server, sockets: ReadonlySet<Socket>, graceMs: number): Promise<number> {
  if (!server.listening) return 0;
  const closed = once(server, 'close');
  // A connection that is kept alive learns from the last reply on it that it must not be used again.
  server.prependListener('request', (_req, res: ServerResponse) => res.setHeader('Connection', 'close'));
  server.close();
  const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs);
  let cut = 0;
  const end = setTimeout(() => {
    cut = sockets.size;
    for (const socket of sockets) socket.destroy();
  }, graceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(end);
  return cut;
}

function listenError(cause: unknown, { host, port, setting }: Required<ListenOptions>): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    return new Error(`Port ${port} is in use: set ${setting} to another, or end what listens there.`, { cause });
  }
  if (code === 'EACCES') {
    return new Error(`Port ${port} may not be used by this user: set ${setting} to one above 1023.`, { cause });
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new Error(`${host} is not an address of this machine: set HOST to one that is, or to 0.0.0.0.`, { cause });
  }
  return cause;
}
