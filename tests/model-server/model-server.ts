import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Connection, connectionOf } from '#tests/servers/connection.ts';
import type { Moderator } from './moderations.ts';
import { Pacer } from './pacer.ts';
import { refuse, sendError } from './refusals.ts';
import { chatBody, lastUserText, type Reply, type Replying, replyFor } from './reply.ts';
import { answerShortCall, isShortCall, type ShortCall } from './short-calls.ts';
import { type Storyteller, tellShortStory } from './stories.ts';
import { sendStream } from './stream.ts';

export interface ModelServerOptions {
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** The address to listen on; 127.0.0.1 where absent. */
  readonly host?: string;
  /** The pace of answers to messages without a directive; 0 (the default) is as fast as the reader takes them. */
  readonly tokensPerSecond?: number;
  /** Where set, any other key gets 401. */
  readonly apiKey?: string;
  readonly models?: readonly string[];
  /** Judges for `/moderations`, and for a model that is asked to; everything is safe where absent. */
  readonly moderator?: Moderator;
  /** Answers messages that have no directive; as politely as it can where absent. */
  readonly rehearsed?: Replying['rehearsed'];
  /** Tells the stories that are asked for; short ones where absent. */
  readonly storyteller?: Storyteller;
  /** What a directive can have it say by name. */
  readonly texts?: ReadonlyMap<string, string>;
  /** Comes between a call and its answer, which waits for it. */
  readonly beforeAnswer?: (asked: Asked) => void | Promise<void>;
  /** Comes after each token of a streamed answer; the next one waits for it. `sent`: so many were. */
  readonly afterToken?: (asked: Asked, sent: number) => void | Promise<void>;
}

/** What came with a call, whichever it is. */
export interface Asked {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly connection: Connection;
}

/** A call as the server saw it. */
interface ModelCall {
  readonly model: string;
  readonly stream: boolean;
  /** The last user message. */
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly traceparent: string | undefined;
  readonly receivedAt: number;
  /** The same for calls that share one. */
  readonly connection: Connection;
  tokensSent: number;
  /** `closed`: the caller went away, or a fault cut the connection. */
  state: 'open' | 'done' | 'closed';
}

export interface ModelServer {
  /** What clients take as their base URL: ends with `/v1`. */
  readonly url: string;
  readonly port: number;
  calls(): readonly ModelCall[];
  /** The calls of `/moderations`, `/images/generations` and `/audio/speech`, and those for a picture that one of them named. */
  shortCalls(): readonly ShortCall[];
  /** Connections that are open now. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

/** An OpenAI-compatible server that does what the last user message asks of it: see `directive.ts`. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const {
    models = ['scripted'],
    tokensPerSecond = 0,
    moderator = () => undefined,
    storyteller = tellShortStory,
    rehearsed = () => undefined,
    texts = new Map(),
    beforeAnswer = () => {},
    afterToken,
  } = options;
  const pacer = new Pacer();
  const calls: ModelCall[] = [];
  const shortCalls: ShortCall[] = [];
  const counts = new Map<string, number>();
  const callNumber = (key: string): number => {
    const number = (counts.get(key) ?? 0) + 1;
    counts.set(key, number);
    return number;
  };

  async function complete(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parsed = chatBody.safeParse(JSON.parse(await readText(request)));
    if (!parsed.success) return sendError(response, 400, { message: parsed.error.message });
    const body = parsed.data;
    const key = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (options.apiKey !== undefined && key !== options.apiKey) {
      return sendError(response, 401, { message: 'Incorrect API key.', code: 'invalid_api_key' });
    }
    const traceparent = request.headers['traceparent'];
    const call: ModelCall = {
      model: body.model,
      stream: body.stream === true,
      text: lastUserText(body),
      body,
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
      receivedAt: Date.now(),
      connection: connectionOf(request.socket),
      tokensSent: 0,
      state: 'open',
    };
    calls.push(call);
    response.once('close', () => {
      call.state = response.writableFinished ? 'done' : 'closed';
    });
    const reply = replyFor(body, callNumber, { tokensPerSecond, moderator, storyteller, rehearsed, texts });
    const id = `chatcmpl-${calls.length}`;
    const asked = { path: '/v1/chat/completions', body, connection: call.connection };
    await beforeAnswer(asked);
    if (refuse(response, body, reply, key)) return;
    const sent = () => {
      call.tokensSent += 1;
      return afterToken?.(asked, call.tokensSent);
    };
    if (call.stream) await sendStream({ id, body, reply, response, pacer, sent });
    else sendWhole(id, body.model, reply, response);
  }

  async function answerShort(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { apiKey } = options;
    await answerShortCall(request, response, await readText(request), {
      apiKey,
      moderator,
      callNumber,
      calls: shortCalls,
      beforeAnswer,
    });
  }

  const server = createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (request, response) => {
    const failed = (error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendError(response, 400, { message: String(error) });
    };
    const path = request.url?.split('?')[0];
    if (request.method === 'POST' && path === '/v1/chat/completions') complete(request, response).catch(failed);
    else if (path && isShortCall(path)) answerShort(request, response).catch(failed);
    else if (path === '/v1/models') {
      sendJson(response, { object: 'list', data: models.map((id) => ({ id, object: 'model', owned_by: 'tests' })) });
    } else if (path === '/calls') sendJson(response, calls);
    else sendError(response, 404, { message: `There is no ${path}.` });
  });
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    calls: () => calls,
    shortCalls: () => shortCalls,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    close: async () => {
      pacer.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function sendWhole(id: string, model: string, reply: Reply, response: ServerResponse): void {
  const { fault } = reply.directive;
  const message = {
    role: 'assistant',
    content: reply.text.join(''),
    ...(reply.thinking.length > 0 && { reasoning_content: reply.thinking.join('') }),
  };
  const finish = fault === 'length' ? 'length' : fault === 'content-filter' ? 'content_filter' : 'stop';
  const completionTokens = reply.text.length + reply.thinking.length;
  const usage = {
    prompt_tokens: reply.promptTokens,
    completion_tokens: completionTokens,
    total_tokens: reply.promptTokens + completionTokens,
  };
  sendJson(response, {
    id,
    object: 'chat.completion',
    created: 1_700_000_000,
    model,
    choices: [{ index: 0, message, finish_reason: finish }],
    ...(fault !== 'no-usage' && { usage }),
  });
}
