import { once } from 'node:events';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { WebSocket } from 'ws';
import type { z } from 'zod';
import { ticketResponse } from '#contract/accounts.ts';
import { answerEvents } from '#contract/chat.ts';
import type { ErrorDetail } from '#contract/errors.ts';
import { errorResponse } from '#contract/errors.ts';
import { type ClientFrame, type ServerFrame, serverFrame } from '#contract/socket.ts';
import { waitFor } from './child.ts';

export interface TestReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body by a schema of the contract; throws where it does not fit. */
  as<T extends z.ZodType>(schema: T): z.output<T>;
  /** The error of the body; throws where it has none. */
  readonly error: ErrorDetail;
}

export interface TestEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** A page or script that uses the API as it is served. */
export class TestClient {
  readonly url: string;
  readonly token: string;

  constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  /** `body` goes as JSON, unless it is text already. */
  fetch(method: string, path: string, body?: unknown, init: RequestInit = {}): Promise<Response> {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { authorization: `Bearer ${this.token}`, ...json, ...init.headers };
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    return fetch(this.url + path, { ...init, ...sent, method, headers });
  }

  async call(method: string, path: string, body?: unknown, init?: RequestInit): Promise<TestReply> {
    const response = await this.fetch(method, path, body, init);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      as: (schema) => schema.parse(JSON.parse(text)),
      get error() {
        return errorResponse.parse(JSON.parse(text)).error;
      },
    };
  }

  /** The events of a stream to its end. */
  async events(method: 'GET' | 'POST', path: string, body?: unknown, init?: RequestInit): Promise<TestEvent[]> {
    const events: TestEvent[] = [];
    for await (const event of readEvents(await this.fetch(method, path, body, init))) events.push(event);
    return events;
  }

  /** Sends and follows to the end. */
  async ask(text: string, more: object = {}): Promise<TestAnswer> {
    return answerOf(await this.events('POST', '/api/chat/send', { text, ...more }));
  }

  async ticket(): Promise<string> {
    return (await this.call('POST', '/api/auth/ticket')).as(ticketResponse).ticket;
  }

  async socket(): Promise<TestSocket> {
    const socket = new TestSocket(`${this.url}/ws?ticket=${await this.ticket()}`);
    await socket.frame('ready');
    return socket;
  }
}

/** The events of an open reply, one by one. */
export async function* readEvents(response: Response): AsyncGenerator<TestEvent> {
  if (response.status !== 200 || !response.body)
    throw new Error(`No events: ${response.status} ${await response.text()}`);
  const parsed = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { id, event = 'message', data } of parsed) yield { id, event, data };
}

export interface TestAnswer {
  readonly run: z.output<typeof answerEvents.run>;
  /** What the deltas say, with each reset obeyed. */
  readonly text: string;
  readonly done: z.output<typeof answerEvents.done> | undefined;
  readonly events: readonly TestEvent[];
}

/** What a reader of these events has at their end. `before`: what it had already. */
export function answerOf(events: readonly TestEvent[], before = ''): TestAnswer {
  let run: TestAnswer['run'] | undefined;
  let done: TestAnswer['done'];
  let text = before;
  for (const { event, data } of events) {
    const body: unknown = JSON.parse(data);
    if (event === 'run') run = answerEvents.run.parse(body);
    else if (event === 'delta') text += answerEvents.delta.parse(body).text;
    else if (event === 'reset') text = '';
    else if (event === 'done') done = answerEvents.done.parse(body);
  }
  if (!run) throw new Error(`The answer has no run: ${JSON.stringify(events).slice(0, 500)}`);
  return { run, text, done, events };
}

type Frame<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

/** A socket that keeps the frames it gets, each checked by the contract. */
export class TestSocket {
  readonly ws: WebSocket;
  readonly frames: ServerFrame[] = [];
  /** The close code, once it is closed. */
  readonly closed: Promise<number>;

  constructor(address: string, options: object = {}) {
    this.ws = new WebSocket(address.replace(/^http/, 'ws'), options);
    this.ws.on('message', (data) => this.frames.push(serverFrame.parse(JSON.parse(String(data)))));
    this.ws.on('error', () => {});
    this.closed = once(this.ws, 'close').then(([code]) => Number(code));
  }

  /** A string goes as it is. */
  send(frame: ClientFrame | string | Record<string, unknown>): void {
    this.ws.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The first frame of a type that fits, once it is there. */
  frame<T extends ServerFrame['type']>(type: T, fits: (frame: Frame<T>) => boolean = () => true): Promise<Frame<T>> {
    const find = () => this.frames.find((frame): frame is Frame<T> => frame.type === type && fits(frame as Frame<T>));
    return waitFor(find, { what: `a frame ${type}`, everyMs: 2 });
  }

  notice = (kind: Frame<'notice'>['notice']['kind']) => this.frame('notice', ({ notice }) => notice.kind === kind);

  /** What the deltas of a run say, with each reset obeyed. */
  textOf(runId: string): string {
    let text = '';
    for (const frame of this.frames) {
      if (frame.type === 'delta' && frame.runId === runId) text += frame.text;
      if (frame.type === 'reset' && frame.runId === runId) text = '';
    }
    return text;
  }

  close(): Promise<number> {
    this.ws.close();
    return this.closed;
  }
}
