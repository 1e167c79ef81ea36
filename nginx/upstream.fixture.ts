import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly bytes: number;
}

/** A small service behind the edge. */
export interface Upstream {
  readonly address: string;
  readonly port: number;
  readonly server: Server;
  /** Every request that came whole, in order. */
  readonly seen: readonly Seen[];
  close(): Promise<void>;
}

/** What no service should say, and the edge must not pass on. */
const unwanted = {
  'Access-Control-Allow-Origin': ['*', 'https://evil.com'],
  'Access-Control-Allow-Credentials': 'true',
  'Access-Control-Allow-Private-Network': 'true',
  'Content-Security-Policy': ["default-src * 'unsafe-inline'", 'default-src *'],
  'Strict-Transport-Security': 'max-age=0',
  'X-Frame-Options': ['ALLOWALL', 'ALLOW-FROM https://evil.com'],
  'X-Accel-Redirect': '/index.html',
  'X-Accel-Limit-Rate': '1',
  'X-Powered-By': 'Express',
  Server: 'upstream',
  'X-Trace-Id': 'of the service',
};

/** Answers with what it was asked, with the status that `x-answer-status` asks for. */
export function startEcho(name: string): Promise<Upstream> {
  return startUpstream((req, res, bytes) => {
    const status = Number(req.headers['x-answer-status'] ?? 200);
    const headers = { ...unwanted, 'Content-Type': 'application/json', Vary: 'Accept-Language' };
    res.writeHead(status, status === 503 ? { ...headers, 'Retry-After': '7' } : headers);
    const bodiless = status === 204 || status === 304;
    res.end(
      bodiless
        ? undefined
        : JSON.stringify({ service: name, method: req.method, url: req.url, headers: req.headers, bytes }),
    );
  });
}

/** `answer` is called when a request came whole. */
export async function startUpstream(
  answer: (req: IncomingMessage, res: ServerResponse, bytes: number) => void,
  port = 0,
  host = '127.0.0.1',
): Promise<Upstream> {
  const seen: Seen[] = [];
  const listener: RequestListener = (req, res) => {
    let bytes = 0;
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    req.on('end', () => {
      const { method = '', url = '', headers, rawHeaders } = req;
      seen.push({ method, url, headers, rawHeaders, bytes });
      answer(req, res, bytes);
    });
  };
  const server = createServer(listener).listen(port, host);
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  return {
    address: `${host}:${taken}`,
    port: taken,
    server,
    seen,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
