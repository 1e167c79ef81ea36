// What one reader received of one answer, put together by the rules of positions (services/contract/position.ts).
// k6 knows no package imports, so what these modules need of the project is imported by its path.
import { parsePosition } from '../../../services/contract/position.ts';

/** @typedef {import('#contract/conversations.ts').MessagePart} MessagePart */
/** @typedef {import('#contract/chat.ts').DoneEvent} DoneEvent */

export class Transcript {
  /** @type {MessagePart[]} */
  parts = [];
  /** The position of the last event: what to resume after. @type {string | undefined} */
  at = undefined;
  /** @type {DoneEvent | undefined} */
  done = undefined;
  /** Where the events broke a rule. @type {string[]} */
  breaches = [];
  /** Units received, those of earlier attempts included. */
  taken = 0;

  /**
   * @param {string} at
   * @param {import('#contract/chat.ts').DeltaEvent} delta
   */
  delta(at, { text, part }) {
    const position = parsePosition(at);
    if (!position || this.done) {
      this.breaches.push(this.done ? `a delta after done, at ${at}` : `a delta without a position: ${at}`);
      return;
    }
    const own = parsePosition(this.at ?? '') ?? { attempt: position.attempt, length: 0 };
    if (position.attempt !== own.attempt) this.breaches.push(`attempt ${position.attempt} without a reset`);
    else if (position.length - text.length !== own.length)
      this.breaches.push(`the delta at ${at} of ${text.length} units does not follow ${this.at ?? 'the start'}`);
    this.at = at;
    this.taken += text.length;
    const kind = part?.kind ?? 'text';
    const last = this.parts[this.parts.length - 1];
    if (last?.kind === kind) last.text += text;
    else this.parts.push({ kind, text });
  }

  /** @param {string} at */
  reset(at) {
    if (parsePosition(at)?.length !== 0) this.breaches.push(`a reset to ${at}, which is no start`);
    this.at = at;
    this.parts = [];
  }

  /**
   * @param {string} at
   * @param {DoneEvent} done
   */
  finish(at, done) {
    this.at = at;
    this.done = done;
    if (this.text !== done.message.text)
      this.breaches.push(`done says ${done.message.text.length} units of text, received were ${this.text.length}`);
  }

  get text() {
    return textOf(this.parts);
  }
}

/** @param {readonly MessagePart[]} parts */
export const textOf = (parts) =>
  parts
    .filter(({ kind }) => kind === 'text')
    .map(({ text }) => text)
    .join('');
