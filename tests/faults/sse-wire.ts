import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { answerEvents } from '#contract/chat.ts';
import type { Answer } from './answer.ts';
import { call } from './http.ts';
import type { Session } from './session.ts';
import { type Addresses, Dropped, type Habits, Lost, Refused, silenceMs, type Wire } from './wire.ts';

export interface SseWireOptions {
  readonly addresses: Addresses;
  readonly session: Session;
  readonly habits: Habits;
}

/** A client that posts its message and reads its answer as server-sent events. */
export class SseWire implements Wire {
  readonly #options: SseWireOptions;
  #abort = new AbortController();
  #closed = false;

  constructor(options: SseWireOptions) {
    this.#options = options;
  }

  async follow(answer: Answer): Promise<void> {
    if (this.#closed) throw new Lost('The client is closed.');
    const abort = new AbortController();
    this.#abort = abort;
    const drop = () => abort.abort(new Dropped('The client dropped its connection.'));
    const losesReplyAfter = answer.run ? undefined : this.#options.habits.losesReplyAfter();
    const dropTimer = losesReplyAfter === undefined ? undefined : setTimeout(drop, losesReplyAfter);
    let silence: NodeJS.Timeout | undefined;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => abort.abort(new Lost('Nothing came for too long.')), silenceMs);
    };
    heard();
    try {
      const response = await this.#request(answer, abort.signal);
      await this.#read(response, answer, heard, drop);
    } catch (error) {
      if (abort.signal.reason instanceof Error) throw abort.signal.reason;
      if (error instanceof Refused || error instanceof Lost) throw error;
      throw new Lost('The connection broke.', { cause: error });
    } finally {
      clearTimeout(silence);
      clearTimeout(dropTimer);
      abort.abort();
    }
    if (!answer.transcript.done) throw new Lost('The events ended before the answer did.');
  }

  async stop(answer: Answer): Promise<void> {
    const url = `${this.#options.addresses.realtime()}/api/runs/${answer.run?.runId}/stop`;
    const token = await this.#options.session.token();
    await call(url, { method: 'POST', token, signal: AbortSignal.timeout(10_000) });
  }

  async nothingAfter(answer: Answer): Promise<boolean> {
    const response = await this.#request(answer, AbortSignal.timeout(10_000));
    await response.body?.cancel();
    return response.status === 204;
  }

  close(): void {
    this.#closed = true;
    this.#abort.abort(new Lost('The client is closed.'));
  }

  async #request(answer: Answer, signal: AbortSignal): Promise<Response> {
    const { addresses, session } = this.#options;
    const token = await session.token();
    const realtime = addresses.realtime();
    if (!answer.run) {
      answer.sends += 1;
      return call(`${realtime}/api/chat/send`, { method: 'POST', token, body: answer.request, signal });
    }
    answer.resumes += 1;
    const { at } = answer.transcript;
    const headers: Record<string, string> = at === undefined ? {} : { 'last-event-id': at };
    return call(`${realtime}/api/runs/${answer.run.runId}/events`, { token, headers, signal });
  }

  async #read(response: Response, answer: Answer, heard: () => void, drop: () => void): Promise<void> {
    answer.traceId = response.headers.get('x-trace-id') ?? answer.traceId;
    const { dropEvery } = this.#options.habits;
    let taken = 0;
    const parser = createParser({
      onEvent: (event) => {
        taken += takeEvent(answer, event);
        if (dropEvery !== undefined && taken >= dropEvery && !answer.transcript.done) drop();
      },
    });
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      heard();
      parser.feed(decoder.decode(chunk, { stream: true }));
      if (answer.transcript.done) return;
    }
  }
}

/** Returns how many units of text came. */
function takeEvent(answer: Answer, { event, id, data }: EventSourceMessage): number {
  const value: unknown = JSON.parse(data);
  switch (event) {
    case 'run':
      answer.acknowledge(answerEvents.run.parse(value));
      return 0;
    case 'delta': {
      const delta = answerEvents.delta.parse(value);
      answer.transcript.delta(id, delta);
      return delta.text.length;
    }
    case 'reset':
      answer.transcript.reset(id);
      return 0;
    case 'done':
      answer.transcript.finish(id, answerEvents.done.parse(value));
      return 0;
    case 'error':
      throw new Refused(answerEvents.error.parse(value));
    default:
      return 0;
  }
}
