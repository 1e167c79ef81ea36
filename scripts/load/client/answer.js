// One message of one person, and all that came of it.
import {
  answerDuration,
  answersCompleted,
  answersFailed,
  answersLost,
  answersStarted,
  completed,
  cuts,
  interruption,
  reconnects,
  repeats,
  resumed,
  timeToFirstToken,
  tokenGap,
} from '../result/metrics.js';
import { Transcript } from './transcript.js';

/** @typedef {import('#contract/chat.ts').RunEvent} RunEvent */

export class Answer {
  transcript = new Transcript();
  /** Whether it was held against the store. */
  compared = false;
  clientMessageId = crypto.randomUUID();
  /** As the server named it, once the message was accepted. @type {RunEvent | undefined} */
  run = undefined;
  #sentAt = Date.now();
  #sends = 0;
  #connections = 0;
  /** @type {number | undefined} */
  #lostAt;
  #resuming = false;
  #firstToken = false;
  /** When the last delta came over the present connection. @type {number | undefined} */
  #lastDeltaAt;

  /** @param {{ text: string, expected: ((text: string) => boolean) | undefined, conversationId: string | undefined, cut: boolean, limitMs: number }} options */
  constructor({ text, expected, conversationId, cut, limitMs }) {
    this.message = text;
    this.expected = expected;
    this.conversationId = conversationId;
    this.wantsCut = cut;
    this.deadline = this.#sentAt + limitMs;
    answersStarted.add(1);
  }

  get request() {
    const { clientMessageId, message: text, conversationId } = this;
    return { clientMessageId, text, ...(conversationId !== undefined && { conversationId }) };
  }

  get ended() {
    return this.transcript.done !== undefined;
  }

  sending() {
    this.#sends += 1;
    if (this.#sends > 1) repeats.add(1);
    this.#lastDeltaAt = undefined;
  }

  resuming() {
    this.#resuming = true;
    this.#lastDeltaAt = undefined;
  }

  /** The connection ended, on purpose or not. */
  lost(onPurpose = false, at = Date.now()) {
    (onPurpose ? cuts : reconnects).add(1);
    if (onPurpose) this.wantsCut = false;
    this.#lostAt ??= at;
  }

  /**
   * @param {RunEvent} run
   * @param {number} at When it came, in milliseconds since 1970.
   */
  acknowledge(run, at) {
    this.#connections += 1;
    if (this.#lostAt !== undefined) interruption.add(Math.max(0, at - this.#lostAt));
    this.#lostAt = undefined;
    if (run.clientMessageId !== this.clientMessageId)
      this.transcript.breaches.push(`the run answers ${run.clientMessageId}, asked was ${this.clientMessageId}`);
    if (this.run && this.run.runId !== run.runId)
      this.transcript.breaches.push(`a repeat got run ${run.runId}, before it was ${this.run.runId}`);
    this.run ??= run;
  }

  /**
   * Takes one event; `live` where it was seen as it came, so that its time says something.
   * @param {string} type
   * @param {string} position
   * @param {any} body
   * @param {{ at: number, live: boolean }} time
   */
  take(type, position, body, { at, live }) {
    if (this.ended) {
      if (type === 'delta') this.transcript.breaches.push(`a delta after done, at ${position}`);
      return;
    }
    if (this.#resuming) resumed.add(1);
    this.#resuming = false;
    if (type === 'delta') {
      if (live) this.#time(at);
      this.transcript.delta(position, body);
    } else if (type === 'reset') this.transcript.reset(position);
    else if (type === 'done') {
      this.transcript.finish(position, { message: body.message });
      answerDuration.add(Math.max(0, at - this.#sentAt));
    }
  }

  /** Counts how it ended: once, when nobody waits for it any longer. */
  conclude() {
    const status = this.transcript.done?.message.status;
    completed.add(status === 'complete');
    if (status === 'complete') answersCompleted.add(1);
    else if (status !== undefined) answersFailed.add(1);
    else answersLost.add(1);
    if (status !== 'complete') {
      const error = this.transcript.done?.message.error;
      console.error(
        `${status ?? 'lost'}: run ${this.run?.runId}, message ${this.clientMessageId}, ${this.transcript.taken} units at ` +
          `${this.transcript.at}, ${this.#sends} sends, ${this.#connections} connections${error ? `, ${error.code}` : ''}`,
      );
    }
  }

  /** @param {number} at */
  #time(at) {
    if (!this.#firstToken) timeToFirstToken.add(Math.max(0, at - this.#sentAt));
    this.#firstToken = true;
    if (this.#lastDeltaAt !== undefined) tokenGap.add(Math.max(0, at - this.#lastDeltaAt));
    this.#lastDeltaAt = at;
  }
}
