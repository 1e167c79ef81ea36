import type { DoneEvent } from '#contract/chat.ts';
import type { PartKind } from '#contract/conversations.ts';
import { parsePosition } from '#contract/position.ts';
import type { ChatPorts } from '#domain/chat/chat-ports.ts';
import { type AnswerSink, Follower } from '#domain/runs/follow-run.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';

/** A client that follows an answer by the rules of the interface, and checks that the server keeps them. */
export class FollowedAnswer implements AnswerSink {
  /** What it shows, all parts in order. */
  text = '';
  position: string | undefined;
  ended: DoneEvent | undefined;
  gone = false;
  breach: string | undefined;
  writable = true;
  #drained: Array<() => void> = [];
  #follower: Follower | undefined;

  /** Connects with the position that it has, or with one that it claims to have. */
  connect(chat: ChatPorts, run: RunRecord, claimed?: string): void {
    this.drop();
    if (this.ended || this.gone) return;
    if (claimed !== undefined) {
      this.text = '';
      this.position = undefined;
    }
    const after = claimed ?? this.position;
    this.#follower = new Follower(chat, run._id, this.#live(new AbortController()));
    void this.#follower.start(run, after);
  }

  drop(): void {
    this.#cut?.abort();
    this.#follower?.close();
    this.#follower = undefined;
    this.#drained = [];
    this.writable = true;
  }

  poke(): void {
    this.#follower?.poke();
  }

  setWritable(writable: boolean): void {
    this.writable = writable;
    if (writable) for (const callback of this.#drained.splice(0)) callback();
  }

  onDrain(callback: () => void): void {
    this.#drained.push(callback);
  }

  delta(at: string, text: string, _part: { index: number; kind: PartKind }): void {
    const position = parsePosition(at);
    const own = parsePosition(this.position ?? `${position?.attempt}-0`);
    if (!position || !own) this.#fail(`the position ${at} cannot be read`);
    else if (position.attempt !== own.attempt) this.#fail(`attempt ${position.attempt} began without a reset`);
    else if (position.length - text.length !== own.length) this.#fail(`${at} does not follow ${this.position}`);
    this.text += text;
    this.position = at;
  }

  reset(at: string): void {
    this.text = '';
    this.position = at;
  }

  done(_at: string, event: DoneEvent): void {
    this.ended = event;
    const shown = (event.message.parts ?? [{ text: event.message.text }]).map(({ text }) => text).join('');
    if (shown !== this.text) this.#fail(`it shows ${JSON.stringify(this.text)}, the end says ${JSON.stringify(shown)}`);
  }

  failed(): void {
    this.gone = true;
  }

  #cut: AbortController | undefined;

  /** What a connection that was dropped still sends reaches nobody. */
  #live(cut: AbortController): AnswerSink {
    this.#cut = cut;
    const client = this;
    const unlessCut =
      <A extends unknown[]>(receive: (...args: A) => void) =>
      (...args: A) => {
        if (!cut.signal.aborted) receive.apply(client, args);
      };
    return {
      get writable() {
        return client.writable;
      },
      onDrain: unlessCut(this.onDrain),
      delta: unlessCut(this.delta),
      reset: unlessCut(this.reset),
      done: unlessCut(this.done),
      failed: unlessCut(this.failed),
    };
  }

  #fail(what: string): void {
    this.breach ??= what;
  }
}
