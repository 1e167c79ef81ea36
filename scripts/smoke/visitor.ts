import { on } from 'node:events';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { WebSocket } from 'ws';
import type { z } from 'zod';
import { ticketResponse, tokenResponse } from '#contract/accounts.ts';
import { errorResponse } from '#contract/errors.ts';
import { type ServerFrame, serverFrame } from '#contract/socket.ts';

/** An answer that is not what was asked for; the message names the request, the status and the server's own words. */
class UnexpectedReply extends Error {}

interface Sent {
  readonly method?: string;
  readonly body?: object;
  readonly signal: AbortSignal;
}

/** Asks, and throws where the status is another. */
export async function request(
  url: string,
  status: number,
  { method = 'GET', body, signal, ...more }: Sent & { token?: string },
) {
  const headers: Record<string, string> = { accept: '*/*' };
  if (more.token) headers['authorization'] = `Bearer ${more.token}`;
  if (body) headers['content-type'] = 'application/json';
  const response = await fetch(url, {
    method,
    headers,
    signal,
    redirect: 'manual',
    ...(body && { body: JSON.stringify(body) }),
  });
  if (response.status === status) return response;
  throw new UnexpectedReply(
    `${method} ${url} answered ${response.status}, not ${status}${wordsOf(await response.text())}`,
  );
}

function wordsOf(text: string): string {
  const parsed = errorResponse.safeParse(parseJson(text));
  if (!parsed.success) return '.';
  const { code, message, traceId } = parsed.data.error;
  return `: ${code}, ${message} (trace ${traceId})`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a page of a proxy, for one: then its status must do
  }
}

/** The body by a schema of the contract. */
export async function readAs<T extends z.ZodType>(response: Response, schema: T): Promise<z.output<T>> {
  const text = await response.text();
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new UnexpectedReply(`${response.url} answered what the contract does not know: ${text.slice(0, 200)}`);
}

/** A guest, over HTTP and WebSocket. */
export class Visitor {
  readonly #api: string;
  readonly #token: string;

  constructor(api: string, token: string) {
    this.#api = api;
    this.#token = token;
  }

  static async arrive(api: string, name: string, signal: AbortSignal): Promise<Visitor> {
    const response = await request(`${api}/api/auth/guest`, 201, { method: 'POST', body: { name }, signal });
    return new Visitor(api, (await readAs(response, tokenResponse)).access_token);
  }

  call(path: string, status: number, sent: Sent): Promise<Response> {
    return request(this.#api + path, status, { ...sent, token: this.#token });
  }

  /** The events of a reply, as they come. */
  async *events(path: string, sent: Sent): AsyncGenerator<{ readonly event: string; readonly data: unknown }> {
    const response = await this.call(path, 200, sent);
    const type = response.headers.get('content-type') ?? 'nothing';
    if (!type.startsWith('text/event-stream') || !response.body) {
      throw new UnexpectedReply(`${path} answered ${type}, not a stream of events.`);
    }
    const parsed = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { event = 'message', data } of parsed) yield { event, data: JSON.parse(data) };
  }

  /** The frames of a new socket, as they come; `send` is said once it is ready. It is closed when the reader is done. */
  async *frames(send: object, signal: AbortSignal): AsyncGenerator<ServerFrame> {
    const reply = await this.call('/api/auth/ticket', 201, { method: 'POST', signal });
    const { ticket } = await readAs(reply, ticketResponse);
    const socket = new WebSocket(`${this.#api.replace(/^http/, 'ws')}/ws?ticket=${encodeURIComponent(ticket)}`);
    const cut = () => socket.terminate();
    signal.addEventListener('abort', cut, { once: true });
    try {
      for await (const data of messagesOf(socket)) {
        const frame = serverFrame.parse(JSON.parse(data));
        if (frame.type === 'ready') socket.send(JSON.stringify(send));
        yield frame;
      }
    } finally {
      signal.removeEventListener('abort', cut);
      socket.terminate();
    }
  }
}

/** Its messages; throws where it is closed, for a reader who has all leaves before. */
async function* messagesOf(socket: WebSocket): AsyncGenerator<string> {
  let closed = 0;
  socket.once('close', (code) => {
    closed = code;
  });
  // The reader hears of errors from `on`; this is for those of a socket that nobody reads any more.
  socket.on('error', () => {});
  for await (const [data] of on(socket, 'message', { close: ['close'] })) yield String(data);
  throw new Error(`The server closed the WebSocket (${closed}) before the answer was whole.`);
}
