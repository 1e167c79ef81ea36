import type { IncomingMessage } from 'node:http';
import type { OpenAI } from 'openai';
import type { Clock } from '#platform/clock.ts';
import { backOffMs, wait } from '#platform/models/back-off.ts';
import { BadReply } from '#platform/models/completion-reader.ts';
import { createHttpFetch } from '#platform/models/http-fetch.ts';
import { type Asked, toModelError } from '#platform/models/provider-errors.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { currentTrace, formatTraceparent } from '#platform/telemetry/trace.ts';
import { loadOpenAi, type ProviderAddress } from './openai-client.ts';

export interface ProviderTools {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Gives [0, 1). */
  readonly random: () => number;
}

export interface ProviderLimits {
  /** Tries in all. */
  readonly attempts: number;
  /** Of one try, from the request to the last byte. */
  readonly timeoutMs: number;
  /** Of one reply's body. */
  readonly maxBytes: number;
}

export interface ProviderRequest<T> {
  /** By the provider's name for it. */
  readonly model: string;
  readonly signal: AbortSignal;
  /** One of the client's methods with its body. */
  readonly ask: (client: OpenAI, options: AskOptions) => { asResponse(): Promise<Response> };
  /** Reads the reply; throws `BadReply` where it is not what was asked for. */
  readonly read: (body: Buffer, mediaType: string) => T | Promise<T>;
}

interface AskOptions {
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
}

/** A call to a provider failed for good. What the provider said is in `cause`, without the key and without what was asked. */
export class ProviderError extends Error {
  /** Whether the same call may succeed a moment later. */
  readonly retryable: boolean;
  /** Of HTTP; undefined where no reply came, or one that cannot be read. */
  readonly status: number | undefined;
  /** The provider's own `code` and `type`; empty where it gave none. */
  readonly code: string;

  constructor(
    message: string,
    options: { retryable: boolean; status: number | undefined; code: string; cause: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = 'ProviderError';
    this.retryable = options.retryable;
    this.status = options.status;
    this.code = options.code;
  }
}

/** A provider that asks for more patience than this is not waited for. */
const maxRetryAfterMs = 15_000;

/** Calls to an OpenAI-compatible server that are answered whole: bounded in time and size, and made again where that may help. */
export class ProviderClient {
  readonly #address: ProviderAddress;
  readonly #tools: ProviderTools;
  readonly #limits: ProviderLimits;
  readonly #http = createHttpFetch();
  #client: Promise<OpenAI> | undefined;

  constructor(address: ProviderAddress, tools: ProviderTools, limits: ProviderLimits) {
    this.#address = address;
    this.#tools = tools;
    this.#limits = limits;
  }

  /** Throws `ProviderError`, and the signal's reason. */
  async call<T>(request: ProviderRequest<T>): Promise<T> {
    const { logger, clock, random } = this.#tools;
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#try(request);
      } catch (thrown) {
        request.signal.throwIfAborted();
        const { error, retryAfterMs } = this.#explain(thrown, request.model);
        if (!error.retryable || tries >= this.#limits.attempts || retryAfterMs > maxRetryAfterMs) throw error;
        logger.warn(`A call to ${request.model} failed; it is made again.`, {
          'event.action': 'provider-retry',
          'gen_ai.request.model': request.model,
          error,
        });
        await wait(retryAfterMs + backOffMs(tries, random), clock, request.signal);
      }
    }
  }

  async #try<T>({ ask, read, signal }: ProviderRequest<T>): Promise<T> {
    this.#client ??= loadOpenAi(this.#address, this.#http.fetch);
    const client = await this.#client;
    signal.throwIfAborted();
    const end = new AbortController();
    const abort = () => end.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const cancel = this.#tools.clock.after(this.#limits.timeoutMs, () =>
      end.abort(new Error(`Not answered within ${this.#limits.timeoutMs} ms.`)),
    );
    try {
      const trace = currentTrace();
      const headers = trace ? { traceparent: formatTraceparent(trace) } : {};
      const response = await ask(client, { signal: end.signal, headers }).asResponse();
      const incoming = this.#http.takeBody(response);
      if (!incoming) throw new BadReply('The reply has no body.');
      const body = await readBody(incoming, this.#limits.maxBytes, end.signal);
      return await read(body, response.headers.get('content-type') ?? '');
    } catch (error) {
      // The client's own error of an aborted call does not say why it was.
      throw end.signal.aborted ? end.signal.reason : error;
    } finally {
      cancel();
      signal.removeEventListener('abort', abort);
    }
  }

  #explain(thrown: unknown, model: string): { error: ProviderError; retryAfterMs: number } {
    const { baseUrl, apiKey } = this.#address;
    const asked: Asked = { provider: new URL(baseUrl).host, apiKey, model };
    const { message, retryable, cause, retryAfterMs = 0 } = toModelError(thrown, asked, this.#tools.clock.now());
    const status = property(thrown, 'status');
    const error = new ProviderError(message, {
      // What is not implemented will not be a moment later.
      retryable: retryable && status !== 501 && !(thrown instanceof OversizedReply),
      status: typeof status === 'number' ? status : undefined,
      code: `${property(thrown, 'code') ?? ''} ${property(thrown, 'type') ?? ''}`.trim().slice(0, 100),
      cause,
    });
    return { error, retryAfterMs };
  }
}

/** It will be as long the next time. */
class OversizedReply extends BadReply {}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

async function readBody(incoming: IncomingMessage, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  const abort = () => incoming.destroy(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of incoming) {
      size += chunk.length;
      if (size > maxBytes) throw new OversizedReply(`The reply is longer than ${maxBytes} bytes.`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    signal.removeEventListener('abort', abort);
    if (!incoming.complete) incoming.destroy();
  }
}

/** For `read`: the body as JSON. */
export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    // The parser's own words quote the reply.
    throw new BadReply('The reply is not JSON.');
  }
}
