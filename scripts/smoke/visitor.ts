import { on } from 'node:events';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { WebSocket } from 'ws';
import type { z } from 'zod';
import { ticketResponse, tokenResponse } from '#contract/accounts.ts';
import { errorResponse } from '#contract/errors.ts';
import { type ServerFrame, serverFrame } from '#contract/socket.ts';
import type { Account } from './options.ts';

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

/** A guest or somebody with an account, over HTTP and WebSocket. */
export class Visitor {
  readonly #api: string;
  #token: string;
  #refreshToken: string;

  private constructor(api: string, { access_token, refresh_token }: z.output<typeof tokenResponse>) {
    this.#api = api;
    this.#token = access_token;
    this.#refreshToken = refresh_token ?? '';
  }

  static async arrive(api: string, name: string, signal: AbortSignal): Promise<Visitor> {
    const body = { name, refresh: 'body' };
    const response = await request(`${api}/api/auth/guest`, 201, { method: 'POST', body, signal });
    return new Visitor(api, await readAs(response, tokenResponse));
  }

  static async signIn(api: string, { email, password }: Account, signal: AbortSignal): Promise<Visitor> {
    const body = { username: email, password, refresh: 'body' };
    const response = await request(`${api}/api/auth/token`, 200, { method: 'POST', body, signal });
    return new Visitor(api, await readAs(response, tokenResponse));
  }

  /** Goes on with another token, as a page does before its own expires. */
  async renew(signal: AbortSignal): Promise<void> {
    const reply = await readAs(await this.#refresh(200, signal), tokenResponse);
    if (!reply.refresh_token || reply.refresh_token === this.#refreshToken) {
      throw new UnexpectedReply('A refresh did not replace the refresh token.');
    }
    this.#token = reply.access_token;
    this.#refreshToken = reply.refresh_token;
  }

  /** Nothing that was given is worth anything any more. */
  async mustBeOut(signal: AbortSignal): Promise<void> {
    await this.call('/api/me', 401, { signal });
    await this.#refresh(401, signal);
  }

  #refresh(status: number, signal: AbortSignal): Promise<Response> {
    const body = { refresh_token: this.#refreshToken };
    return request(`${this.#api}/api/auth/refresh`, status, { method: 'POST', body, signal });
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
