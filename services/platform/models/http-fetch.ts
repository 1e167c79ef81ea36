import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import http from 'node:http';
import https from 'node:https';

/**
 * A `fetch` on node:http. A streamed answer is read from the connection itself: through the web streams of the built-in
 * fetch each token costs several times as much. Connections are kept for the next call.
 */
export interface HttpFetch {
  fetch(url: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** The body of a successful response, once; its `Response` is empty. The bodies of failed ones are in the response. */
  takeBody(response: Response): IncomingMessage | undefined;
}

/** Of a failed response's body, the rest is thrown away. */
const maxErrorBytes = 64 * 1024;

export function createHttpFetch(): HttpFetch {
  const agents = {
    'http:': new http.Agent({ keepAlive: true }),
    'https:': new https.Agent({ keepAlive: true }),
  };
  const bodies = new WeakMap<Response, IncomingMessage>();

  function send(url: URL, init: RequestInit): Promise<IncomingMessage> {
    const { signal } = init;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const secure = url.protocol === 'https:';
      const request = (secure ? https : http).request(url, {
        method: init.method ?? 'GET',
        headers: plainHeaders(init.headers),
        agent: agents[secure ? 'https:' : 'http:'],
      });
      const abort = () => request.destroy();
      const settled = () => signal?.removeEventListener('abort', abort);
      request.once('response', (incoming) => {
        settled();
        resolve(incoming);
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        settled();
        if (signal?.aborted) reject(signal.reason);
        // The server closed a kept connection just as it was used again: nothing was answered, a new one will do.
        else if (request.reusedSocket && error.code === 'ECONNRESET') resolve(send(url, init));
        else reject(error);
      });
      signal?.addEventListener('abort', abort, { once: true });
      request.end(typeof init.body === 'string' ? init.body : undefined);
    });
  }

  async function fetch(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const incoming = await send(new URL(url instanceof Request ? url.url : url), init);
    const status = incoming.statusCode ?? 0;
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
    if (status >= 200 && status < 300) {
      const response = new Response(null, { status, headers });
      bodies.set(response, incoming);
      return response;
    }
    const text = await readStart(incoming, init.signal ?? undefined);
    return new Response(status === 304 ? null : text, { status, headers });
  }

  return {
    fetch,
    takeBody: (response) => {
      const body = bodies.get(response);
      bodies.delete(response);
      return body;
    },
  };
}

const plainHeaders = (headers: RequestInit['headers']): OutgoingHttpHeaders =>
  Object.fromEntries(new Headers(headers).entries());

/** The first bytes of a body as text; the connection is free for another call where the body was not longer. */
function readStart(incoming: IncomingMessage, signal: AbortSignal | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const abort = () => incoming.destroy();
    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxErrorBytes) incoming.destroy();
    });
    // What arrived before a cut still says more than the cut.
    incoming.on('error', () => {});
    incoming.once('close', () => {
      signal?.removeEventListener('abort', abort);
      if (signal?.aborted) reject(signal.reason);
      else resolve(Buffer.concat(chunks).toString().slice(0, maxErrorBytes));
    });
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
  });
}
