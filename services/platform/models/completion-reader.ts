import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { createParser, type EventSourceParser } from 'eventsource-parser';
import type { PartKind } from '#contract/conversations.ts';
import type { Clock } from '#platform/clock.ts';
import type { FinishReason, ModelUsage } from './models.ts';

export interface Output {
  readonly kind: PartKind;
  readonly text: string;
}

export interface ReaderOptions {
  /** UTF-16 units of one event: a line that does not end must not fill the memory. */
  readonly maxEventLength: number;
  /** UTF-16 units that may wait for the consumer before the connection is paused. */
  readonly maxWaiting: number;
  /** Told at each piece of output and at the finish reason. Comments and empty chunks are no progress. */
  readonly onProgress: () => void;
}

/** Something arrived that is not a streamed completion. */
export class BadReply extends Error {}

/** The provider sent an `error` among the events. */
export class StreamedError extends Error {
  readonly error: unknown;
  constructor(error: unknown) {
    super('An error came among the events.');
    this.error = error;
  }
}

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const textIn = (json: Json, name: string): string => {
  const value = json[name];
  return typeof value === 'string' ? value : '';
};

/** Reads a streamed chat completion (https://platform.openai.com/docs/api-reference/chat-streaming) from a response. */
export class CompletionReader {
  readonly #incoming: IncomingMessage;
  readonly #options: ReaderOptions;
  readonly #decoder = new StringDecoder('utf8');
  readonly #parser: EventSourceParser;
  #waiting: Output[] = [];
  #waitingLength = 0;
  #asking: { resolve(outputs: readonly Output[] | undefined): void; reject(error: unknown): void } | undefined;
  #ended = false;
  #failure: { error: unknown } | undefined;

  /** Whether any output came. */
  started = false;
  /** Bytes of output so far, as UTF-8, for an estimate where the provider counts nothing. */
  bytes = 0;
  finishReason: FinishReason | undefined;
  usage: ModelUsage | undefined;

  constructor(incoming: IncomingMessage, options: ReaderOptions) {
    this.#incoming = incoming;
    this.#options = options;
    this.#parser = createParser({
      onEvent: ({ data }) => this.#read(data),
      onError: ({ type }) => {
        if (type === 'max-buffer-size-exceeded') throw new BadReply('One event is longer than any answer can be.');
      },
      maxBufferSize: options.maxEventLength,
    });
    incoming.on('data', (chunk: Buffer) => this.#take(chunk));
    incoming.on('end', () => this.#close());
    incoming.on('error', (error) => this.#cut(error));
    incoming.on('close', () => this.#cut(new Error('The connection was closed in the middle of the answer.')));
    if (incoming.destroyed) this.#cut(new Error('The connection was closed at the start of the answer.'));
  }

  /** Whether the connection is paused until the consumer comes for what waits. */
  get paused(): boolean {
    return this.#incoming.isPaused();
  }

  /** All output that arrived since the last call, runs of one kind joined; `undefined` at the end. One call at a time. */
  next(): Promise<readonly Output[] | undefined> {
    return new Promise((resolve, reject) => {
      this.#asking = { resolve, reject };
      this.#answer();
    });
  }

  /** Settles the `next` that waits, if there is anything to say. */
  #answer(): void {
    const asking = this.#asking;
    if (!asking || (this.#waiting.length === 0 && !this.#ended)) return;
    this.#asking = undefined;
    if (this.#waiting.length > 0) {
      const outputs = this.#waiting;
      this.#waiting = [];
      this.#waitingLength = 0;
      if (this.#incoming.isPaused()) {
        this.#incoming.resume();
        // The model could say nothing until now: its silence begins here.
        this.#options.onProgress();
      }
      asking.resolve(outputs);
    } else if (this.#failure) asking.reject(this.#failure.error);
    else asking.resolve(undefined);
  }

  /** Ends the reading at once and for good, with `error` where one is given; what waits is still given out. */
  stop(error?: unknown): void {
    if (!this.#ended) this.#settle(error === undefined ? undefined : { error });
    if (!this.#incoming.complete) this.#incoming.destroy();
  }

  /** The consumer takes no more. A finished connection is given back for the next call, any other is closed. */
  leave(clock: Clock, graceMs: number): void {
    const incoming = this.#incoming;
    const finished = this.#ended && !this.#failure;
    this.#ended = true;
    if (incoming.destroyed) return;
    if (!finished) return void incoming.destroy();
    // The end of the body follows the last event; a server that never ends it loses the connection.
    incoming.resume();
    incoming.once(
      'close',
      clock.after(graceMs, () => incoming.destroy()),
    );
  }

  #settle(failure: { error: unknown } | undefined): void {
    this.#ended = true;
    this.#failure = failure;
    this.#answer();
  }

  #take(chunk: Buffer): void {
    if (this.#ended) return;
    try {
      this.#parser.feed(this.#decoder.write(chunk));
    } catch (error) {
      this.stop(error);
    }
    if (this.#waitingLength > this.#options.maxWaiting) this.#incoming.pause();
    this.#answer();
  }

  #read(data: string): void {
    if (this.#ended) return;
    if (data === '[DONE]') {
      this.#close(true);
      return;
    }
    let chunk: unknown;
    try {
      chunk = JSON.parse(data);
    } catch {
      // The parser's own words quote the answer, which must not reach a log.
      throw new BadReply('An event is not JSON.');
    }
    if (!isJson(chunk)) throw new BadReply('An event is not a JSON object.');
    if (chunk['error']) throw new StreamedError(chunk['error']);
    const choices = chunk['choices'];
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    if (isJson(choice)) this.#readChoice(choice);
    if (isJson(chunk['usage'])) this.usage = readUsage(chunk['usage']) ?? this.usage;
  }

  #readChoice(choice: Json): void {
    const delta = choice['delta'];
    if (isJson(delta)) {
      this.#add('thinking', textIn(delta, 'reasoning_content') || textIn(delta, 'reasoning'));
      this.#add('text', textIn(delta, 'content') || textIn(delta, 'refusal'));
    }
    const reason = choice['finish_reason'];
    if (typeof reason !== 'string' || reason === '' || this.finishReason !== undefined) return;
    this.finishReason = finishReasonOf(reason);
    this.#options.onProgress();
  }

  #add(kind: PartKind, text: string): void {
    if (text === '') return;
    this.started = true;
    this.bytes += Buffer.byteLength(text);
    this.#waitingLength += text.length;
    this.#options.onProgress();
    const last = this.#waiting.at(-1);
    if (last?.kind === kind) this.#waiting[this.#waiting.length - 1] = { kind, text: last.text + text };
    else this.#waiting.push({ kind, text });
  }

  /** The events are over: `[DONE]`, or the end of the body. */
  #close(done = false): void {
    if (this.#ended) return;
    if (this.finishReason === undefined && done && this.started) this.finishReason = 'other';
    if (this.finishReason !== undefined) this.#settle(undefined);
    else this.#settle({ error: new BadReply(this.started ? 'The answer has no end.' : 'There is no answer.') });
  }

  #cut(error: Error): void {
    if (this.#ended) return;
    // All of the answer is there; only its usage or its end is missing.
    this.#settle(this.finishReason === undefined ? { error } : undefined);
  }
}

function finishReasonOf(reason: string): FinishReason {
  return reason === 'stop' || reason === 'length' || reason === 'content_filter' ? reason : 'other';
}

/** No call takes as many: what says so counts something else, or means harm. */
const mostTokens = 1_000_000_000;

const count = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 && value <= mostTokens ? Math.round(value) : undefined;

/** Undefined where it is no count of both what was read and what was written: people pay from a budget by it. */
function readUsage(usage: Json): ModelUsage | undefined {
  const details = usage['completion_tokens_details'];
  const thinking = (isJson(details) && count(details['reasoning_tokens'])) || 0;
  const [inputTokens, outputTokens] = [count(usage['prompt_tokens']), count(usage['completion_tokens'])];
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return {
    inputTokens,
    outputTokens,
    ...(thinking > 0 && { thinkingTokens: thinking }),
    estimated: false,
  };
}
