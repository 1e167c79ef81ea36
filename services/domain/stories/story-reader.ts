import { JSONParser } from '@streamparser/json';
import { longestReply, partOf, problemsOf, type StoryReply, storyReply, titleOf } from './story-reply.ts';

/** The reply is not a story in the form that was asked for; `message` says why, in words for the model. */
export class Malformed extends Error {}

/**
 * Reads a story from a model's reply while it comes: its title and each of its parts as soon as they are whole. The JSON object may
 * stand in a fence, with words around it, or after what the model thought; what comes behind it is ignored.
 */
export class StoryReader {
  title: string | undefined;
  readonly parts: string[] = [];
  readonly #parser = new JSONParser({ paths: ['$', '$.title', '$.parts.*'] });
  /** UTF-16 units that came. */
  #length = 0;
  /** All that came, for a repair. */
  #reply = '';
  #begun = false;
  #value: unknown;
  #problem: string | undefined;

  constructor() {
    this.#parser.onValue = ({ value, key, stack }) => {
      if (stack.length === 0) this.#value = value;
      else if (stack.length === 1 && key === 'title') this.#takeTitle(value);
      else this.#takePart(key, value);
    };
    this.#parser.onError = ({ message }) => {
      // What follows the object is not read.
      if (this.#value === undefined) this.#problem ??= `The JSON is not valid: ${message.slice(0, 200)}`;
    };
  }

  /** Whether the object has come to its end. */
  get isWhole(): boolean {
    return this.#value !== undefined;
  }

  get reply(): string {
    return this.#reply;
  }

  /** Takes the next piece. Throws `Malformed` as soon as the whole can no longer be right. */
  write(text: string): void {
    this.#length += text.length;
    if (this.#length > longestReply) throw new Malformed('The reply is far longer than the story that was asked for.');
    this.#reply += text;
    this.#feed(text);
    if (this.#problem !== undefined) throw new Malformed(this.#problem);
  }

  /** The story, once all has come. Throws `Malformed`. */
  end(): StoryReply {
    if (this.#value === undefined) throw new Malformed('The reply is not one whole JSON object.');
    const parsed = storyReply.safeParse(this.#value);
    if (!parsed.success) throw new Malformed(problemsOf(parsed.error));
    const { title, parts } = parsed.data;
    // A key that comes twice: what was read on the way is not what stands there at the end.
    if (title !== this.title || parts.length !== this.parts.length || parts.some((part, i) => part !== this.parts[i]))
      throw new Malformed('A key stands in the object twice.');
    return parsed.data;
  }

  #feed(text: string): void {
    if (this.#parser.isEnded || this.#problem !== undefined) return;
    const begin = this.#begun ? 0 : beginOf(this.#reply);
    if (begin === -1) return;
    this.#parser.write(this.#begun ? text : this.#reply.slice(begin));
    this.#begun = true;
  }

  #takeTitle(value: unknown): void {
    const title = titleOf.safeParse(value);
    if (!title.success) this.#problem ??= `title: ${problemsOf(title.error)}`;
    else if (this.title === undefined) this.title = title.data;
    else this.#problem ??= 'The title stands in the object twice.';
  }

  #takePart(key: unknown, value: unknown): void {
    const part = partOf.safeParse(value);
    if (!part.success) this.#problem ??= `parts.${String(key)}: ${problemsOf(part.error)}`;
    else if (key === this.parts.length) this.parts.push(part.data);
    else this.#problem ??= 'The parts are not one list of texts.';
  }
}

/** Where the object begins: behind what a model thought aloud, at the first brace that a name, or the other brace, follows. */
function beginOf(reply: string): number {
  let from = 0;
  if (/^\s*<think>/.test(reply)) {
    from = reply.indexOf('</think>');
    if (from === -1) return -1;
  }
  const found = /\{\s*["}]/.exec(reply.slice(from));
  return found ? from + found.index : -1;
}
