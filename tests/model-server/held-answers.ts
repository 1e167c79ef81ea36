import { directive, parseDirective } from './directive.ts';
import type { Asked } from './model-server.ts';
import { chatBody, lastUserText } from './reply.ts';
import { scriptedTokens } from './text.ts';

/** An answer that waits in its middle until it is told to go on. */
export interface HeldAnswer {
  /** What to send for it. */
  readonly message: string;
  /** What there is of it while it waits. */
  readonly beginning: string;
  readonly whole: string;
  goOn(): void;
}

interface Hold {
  readonly after: number;
  readonly goesOn: Promise<void>;
}

/** Answers whose pace a test has in its hands: what happens in their middle then needs neither luck nor time. */
export class HeldAnswers {
  readonly #holds = new Map<number, Hold>();
  readonly #letGo: Array<() => void> = [];

  /** The answer to its message waits after so many of its tokens, each time that it is asked for until it may go on. */
  hold({ tokens = 120, after = 40, words = 'Slowly, please.' } = {}): HeldAnswer {
    const seed = 1_000 + this.#holds.size;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#holds.set(seed, { after, goesOn: promise });
    this.#letGo.push(resolve);
    const text = scriptedTokens({ seed, tokens });
    return {
      message: `${directive({ seed, tokens })} ${words}`,
      beginning: text.slice(0, after).join(''),
      whole: text.join(''),
      goOn: resolve,
    };
  }

  /** For the model server. */
  readonly afterToken = ({ body }: Asked, sent: number): Promise<void> | undefined => {
    const seed = parseDirective(lastUserText(chatBody.parse(body)))?.seed;
    const hold = seed === undefined ? undefined : this.#holds.get(seed);
    return hold && sent === hold.after ? hold.goesOn : undefined;
  };

  /** Holds none any longer. */
  close(): void {
    for (const letGo of this.#letGo) letGo();
  }
}
