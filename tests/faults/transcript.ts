import type { DeltaEvent, DoneEvent } from '#contract/chat.ts';
import type { MessagePart } from '#contract/conversations.ts';
import { parsePosition } from '#contract/position.ts';

const eventsKept = 40;

/** What one reader got of one answer, put together by the rules of the interface; what breaks them is kept. */
export class Transcript {
  readonly breaches: string[] = [];
  /** When the first delta of each attempt came. */
  readonly firstDeltaAt = new Map<number, number>();
  /** The last events, for whoever looks for the cause of a breach. */
  readonly events: string[] = [];
  readonly #now: () => number;
  #parts: MessagePart[] = [];
  #at: string | undefined;
  #done: DoneEvent | undefined;
  #deltas = 0;
  #resets = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The position of the last event: what to resume after. */
  get at(): string | undefined {
    return this.#at;
  }

  get parts(): readonly MessagePart[] {
    return this.#parts;
  }

  get length(): number {
    return this.#parts.reduce((sum, { text }) => sum + text.length, 0);
  }

  get done(): DoneEvent | undefined {
    return this.#done;
  }

  get deltas(): number {
    return this.#deltas;
  }

  get resets(): number {
    return this.#resets;
  }

  note(event: string): void {
    this.events.push(`${new Date(this.#now()).toISOString().slice(11, 23)} ${event}`);
    if (this.events.length > eventsKept) this.events.shift();
  }

  delta(at: string | undefined, { text, part }: DeltaEvent): void {
    this.note(`delta ${at} +${text.length}`);
    if (this.#done) {
      this.#breach(`a delta came after done, at ${at}`);
      return;
    }
    const position = parsePosition(at ?? '');
    if (!position) {
      this.#breach(`a delta has no position: ${at}`);
      return;
    }
    const own = parsePosition(this.#at ?? '') ?? { attempt: position.attempt, length: 0 };
    if (position.attempt !== own.attempt) this.#breach(`attempt ${position.attempt} began without a reset (${at})`);
    else if (position.length - text.length !== own.length)
      this.#breach(`the delta at ${at} with ${text.length} units does not follow ${this.#at ?? 'the start'}`);
    if (!text.isWellFormed()) this.#breach(`the delta at ${at} holds half an emoji`);
    if (!this.firstDeltaAt.has(position.attempt)) this.firstDeltaAt.set(position.attempt, this.#now());
    this.#at = at;
    this.#deltas += 1;
    this.#append(part?.kind ?? 'text', text);
  }

  reset(at: string | undefined): void {
    this.note(`reset ${at}`);
    if (this.#done) {
      this.#breach(`a reset came after done, at ${at}`);
      return;
    }
    if (parsePosition(at ?? '')?.length !== 0) this.#breach(`a reset leads to ${at}, not to the start of an attempt`);
    this.#at = at;
    this.#resets += 1;
    this.#parts = [];
  }

  finish(at: string | undefined, done: DoneEvent): void {
    this.note(`done ${at} ${done.message.status}`);
    if (this.#done) {
      this.#breach('done came twice');
      return;
    }
    if (parsePosition(at ?? '')?.length !== Number.POSITIVE_INFINITY)
      this.#breach(`done has the position ${at}, which is not the end`);
    this.#at = at;
    this.#done = done;
    const shown = this.#parts
      .filter(({ kind }) => kind === 'text')
      .map(({ text }) => text)
      .join('');
    if (shown !== done.message.text)
      this.#breach(`done says ${done.message.text.length} units of text, the reader has ${shown.length}`);
  }

  #append(kind: MessagePart['kind'], text: string): void {
    const last = this.#parts.at(-1);
    if (last?.kind === kind) this.#parts[this.#parts.length - 1] = { kind, text: last.text + text };
    else this.#parts.push({ kind, text });
  }

  #breach(says: string): void {
    this.breaches.push(says);
  }
}
