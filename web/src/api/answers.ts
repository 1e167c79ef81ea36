import type { ClientFrame } from '#contract/socket.ts';
import { type Answer, type AnswerFrame, applyFrame, positionOf, unread } from './answer.ts';
import { fullJitter } from './back-off.ts';
import { Listeners } from './listeners.ts';
import type { After } from './timers.ts';

interface Followed {
  answer: Answer;
  /** As its readers were last told: they draw it bit by bit, and would begin anew if it changed meanwhile. */
  told: Answer;
  /** Asked for again after a gap; nothing more is asked until something fits. */
  resuming: boolean;
  /** Whether something shown follows it; one that was only sent from here is forgotten when it ends. */
  isShown: boolean;
  /** Refusals of this one since something of it came. */
  refusals: number;
}

const followedFromStart = (isShown: boolean): Followed => ({
  answer: unread,
  told: unread,
  resuming: false,
  isShown,
  refusals: 0,
});

export interface AnswersOptions {
  /** False where there is no connection; `resume` asks for everything once there is. */
  readonly send: (frame: ClientFrame) => boolean;
  /** Runs once between two paints: many frames become one. */
  readonly beforePaint: (callback: () => void) => void;
  readonly after: After;
  readonly random: () => number;
}

/** The answers that this page follows, each at its position, whatever happens to the connection under them. */
export class Answers {
  readonly #options: AnswersOptions;
  readonly #followed = new Map<string, Followed>();
  readonly #listeners = new Listeners();
  #paintAsked = false;
  readonly subscribe = this.#listeners.subscribe;

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  /** An answer as it was when its readers were last told. */
  readonly get = (runId: string): Answer => this.#followed.get(runId)?.told ?? unread;

  follows(runId: string): boolean {
    return this.#followed.has(runId);
  }

  /** Follows an answer from its beginning; one that is followed already goes on. */
  follow(runId: string): void {
    const known = this.#followed.get(runId);
    if (known) known.isShown = true;
    else {
      this.#followed.set(runId, followedFromStart(true));
      this.#ask(runId, unread);
    }
  }

  /** The server sends this answer unasked: it is that of a message sent on this connection. */
  adopt(runId: string): void {
    if (this.#followed.has(runId)) return;
    this.#followed.set(runId, followedFromStart(false));
  }

  unfollow(runId: string): void {
    const followed = this.#followed.get(runId);
    if (!followed) return;
    this.#followed.delete(runId);
    if (!followed.answer.ended) this.#options.send({ type: 'unsubscribe', runId });
  }

  /** On a new connection: ask for everything again, each from where it stands. */
  resume(): void {
    for (const [runId, followed] of this.#followed) {
      followed.resuming = false;
      if (!followed.answer.ended) this.#ask(runId, followed.answer);
    }
  }

  /** The server could not send it now: it is asked for again a little later, for as long as it is followed. */
  refused(runId: string): void {
    const followed = this.#followed.get(runId);
    if (!followed || followed.answer.ended) return;
    const waitMs = fullJitter(followed.refusals + 1, this.#options.random);
    followed.refusals += 1;
    this.#options.after(waitMs, () => {
      if (this.#followed.get(runId) === followed && !followed.answer.ended) this.#ask(runId, followed.answer);
    });
  }

  receive(frame: AnswerFrame): void {
    const followed = this.#followed.get(frame.runId);
    if (!followed) return;
    if (frame.type === 'done' && !followed.isShown) {
      this.#followed.delete(frame.runId);
      return;
    }
    followed.refusals = 0;
    const { answer, behind } = applyFrame(followed.answer, frame);
    if (behind && !followed.resuming) this.#ask(frame.runId, answer);
    followed.resuming = behind;
    if (answer === followed.answer) return;
    followed.answer = answer;
    this.#paint();
  }

  #ask(runId: string, answer: Answer): void {
    const after = positionOf(answer);
    this.#options.send({ type: 'subscribe', runId, ...(after ? { after } : {}) });
  }

  #paint(): void {
    if (this.#paintAsked) return;
    this.#paintAsked = true;
    this.#options.beforePaint(() => {
      this.#paintAsked = false;
      for (const followed of this.#followed.values()) followed.told = followed.answer;
      this.#listeners.tell();
    });
  }
}
