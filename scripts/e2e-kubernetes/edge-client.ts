import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { json, text } from 'node:stream/consumers';
import type { ConnectionOptions } from 'node:tls';
import { type ClientOptions, WebSocket } from 'ws';

interface EdgeAddress {
  /** The name that its certificate is made out to. */
  readonly host: string;
  readonly address: string;
  /** The authority to trust, as PEM. */
  readonly authority: string;
}

export interface Asked {
  readonly method?: string;
  readonly token?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Something that stays open: `closed` resolves with the time (performance.now) of its end. */
export interface Open {
  readonly closed: Promise<number>;
  close(): void;
}

/** Asks an edge by HTTPS, each time on a connection of its own, whatever name servers know of its host. */
export class EdgeClient {
  readonly #edge: EdgeAddress;

  constructor(edge: EdgeAddress) {
    this.#edge = edge;
  }

  get origin(): string {
    return `https://${this.#edge.host}`;
  }

  async ask(path: string, asked: Asked = {}): Promise<Reply> {
    const response = await this.#send(path, asked);
    return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
  }

  /** The JSON of a reply; throws where its status is another. */
  async expect(status: number, path: string, asked: Asked = {}): Promise<Record<string, unknown>> {
    const response = await this.#send(path, asked);
    if (response.statusCode === status)
      return status === 204 ? {} : ((await json(response)) as Record<string, unknown>);
    const words = (await text(response)).slice(0, 300);
    throw new Error(`${asked.method ?? 'GET'} ${path} gave ${response.statusCode}, not ${status}: ${words}`);
  }

  /** The status of a reply, whose body nobody waits for: that of a stream comes with its first event. */
  async status(path: string, asked: Asked): Promise<Pick<Reply, 'status' | 'headers'>> {
    const response = await this.#send(path, asked);
    response.on('error', () => undefined).destroy();
    return { status: response.statusCode ?? 0, headers: response.headers };
  }

  /** A stream of events that goes on. */
  async stream(path: string, asked: Asked): Promise<Open> {
    const response = await this.#send(path, asked);
    if (response.statusCode !== 200) throw new Error(`${path} gave ${response.statusCode}: ${await text(response)}`);
    await once(response, 'data');
    response.resume();
    return { closed: endOf(response), close: () => void response.destroy() };
  }

  async socket(ticket: string): Promise<Open> {
    const { host, address, authority } = this.#edge;
    const options: ClientOptions & ConnectionOptions = { ca: authority, servername: host, headers: { host } };
    const socket = new WebSocket(`wss://${address}/ws?ticket=${encodeURIComponent(ticket)}`, options);
    const [frame] = await once(socket, 'message');
    if (JSON.parse(String(frame)).type !== 'ready') throw new Error(`A socket began with ${frame}.`);
    return { closed: endOf(socket), close: () => socket.terminate() };
  }

  async #send(path: string, { method = 'GET', token, body, headers }: Asked): Promise<IncomingMessage> {
    const { host, address, authority } = this.#edge;
    const options: RequestOptions = {
      ...{ host: address, servername: host, ca: authority, path, method, agent: false },
      headers: {
        host,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    };
    const sent = request(options);
    sent.end(body && JSON.stringify(body));
    const [response] = await once(sent, 'response');
    return response;
  }
}

/** However it ends. */
const endOf = (emitter: IncomingMessage | WebSocket): Promise<number> =>
  new Promise((resolve) => {
    emitter.on('error', () => undefined);
    emitter.on('close', () => resolve(performance.now()));
  });
