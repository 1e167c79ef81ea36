import { createParser } from 'eventsource-parser';
import { answerEvents } from '#contract/chat.ts';
import { call } from '#tests/faults/http.ts';
import { Transcript } from '#tests/faults/transcript.ts';
import type { Parent } from './family.ts';

const betweenMs = 250;

/** Reads a story as it is written, to its end, over as many connections as that takes. */
export class StoryReader {
  readonly runId: string;
  readonly transcript = new Transcript();
  readonly #parent: Parent;
  readonly #realtime: string;

  constructor(runId: string, parent: Parent, realtime: string) {
    this.runId = runId;
    this.#parent = parent;
    this.#realtime = realtime;
  }

  /** Until the story is told, or `signal` aborts. */
  async read(signal: AbortSignal): Promise<void> {
    while (!this.transcript.done && !signal.aborted) {
      try {
        await this.#connect(signal);
      } catch (error) {
        this.transcript.note(String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, betweenMs));
    }
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const { at } = this.transcript;
    const response = await call(`${this.#realtime}/api/runs/${this.runId}/events`, {
      token: await this.#parent.session.token(),
      headers: at === undefined ? {} : { 'last-event-id': at },
      signal,
    });
    const parser = createParser({ onEvent: ({ event, id, data }) => this.#take(event, id, JSON.parse(data)) });
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      if (this.transcript.done) return;
    }
  }

  #take(event: string | undefined, at: string | undefined, value: unknown): void {
    if (event === 'delta') this.transcript.delta(at, answerEvents.delta.parse(value));
    else if (event === 'reset') this.transcript.reset(at);
    else if (event === 'done') this.transcript.finish(at, answerEvents.done.parse(value));
    else if (event === 'error') throw new Error(`The story cannot be read: ${JSON.stringify(value)}`);
  }
}
