import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Answer } from './answer.ts';
import type { Random } from './random.ts';
import { makeScript, messageOf } from './script.ts';
import { Session } from './session.ts';
import { SocketWire } from './socket-wire.ts';
import { SseWire } from './sse-wire.ts';
import { type Addresses, Dropped, type Habits, Refused, type Wire } from './wire.ts';

const firstBackoffMs = 100;
const longestBackoffMs = 2_000;
const messagesInConversation = 4;
/** A refusal that does not pass is a breach; after so many of one message the client gives that message up. */
const refusalsTaken = 3;

export interface ClientOptions {
  readonly name: string;
  readonly transport: 'sse' | 'websocket';
  readonly addresses: Addresses;
  readonly random: Random;
  readonly dropEvery?: number | undefined;
  /** The share of its answers that it stops, of its sends whose reply it does not wait for. */
  readonly stops?: number;
  readonly losesReplies?: number;
}

/** Somebody who chats all the time, whatever happens to the servers, and keeps all that came. */
export class Client {
  readonly answers: Answer[] = [];
  readonly breaches: string[] = [];
  readonly #options: ClientOptions;
  #session: Session | undefined;
  #wire: Wire | undefined;
  #closed = false;
  reconnects = 0;
  drops = 0;
  secondReads = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  async signIn(): Promise<void> {
    const { name, addresses } = this.#options;
    this.#session = await Session.start(addresses.api, name);
  }

  /** Chats until `finish` aborts; then reads its answer to the end. */
  async chat(finish: AbortSignal): Promise<void> {
    const wire = this.#openWire();
    this.#wire = wire;
    const { random, stops = 0 } = this.#options;
    let conversationId: string | undefined;
    for (let number = 1; !finish.aborted && !this.#closed; number += 1) {
      if (number % messagesInConversation === 1 || random.chance(0.15)) conversationId = undefined;
      const answer = this.#compose(number, conversationId);
      const cancelStop = random.chance(stops) ? this.#stopAfter(wire, answer, random.integer(0, 300)) : () => {};
      await this.#seeThrough(wire, answer);
      cancelStop();
      conversationId = answer.run?.conversationId;
      if (answer.transcript.done && random.chance(0.15)) await this.#lookBack(wire, answer);
    }
    wire.close();
  }

  close(): void {
    this.#closed = true;
    this.#wire?.close();
  }

  #openWire(): Wire {
    const { transport, addresses, random, dropEvery, losesReplies = 0 } = this.#options;
    const habits: Habits = {
      dropEvery,
      losesReplyAfter: () => (random.chance(losesReplies) ? random.integer(0, 40) : undefined),
    };
    if (!this.#session) throw new Error(`${this.name} is not signed in.`);
    const options = { addresses, session: this.#session, habits };
    return transport === 'sse' ? new SseWire(options) : new SocketWire(options);
  }

  #compose(number: number, conversationId: string | undefined): Answer {
    const script = makeScript(this.#options.random, `${this.name}-${number}`);
    const request = {
      clientMessageId: randomUUID(),
      text: messageOf(script),
      ...(conversationId !== undefined && { conversationId }),
    };
    const answer = new Answer(this.name, request, script);
    this.answers.push(answer);
    return answer;
  }

  /** Follows the answer to its end, over as many connections as that takes. */
  async #seeThrough(wire: Wire, answer: Answer): Promise<void> {
    let failures = 0;
    let refusals = 0;
    while (!answer.transcript.done && !this.#closed && refusals < refusalsTaken) {
      const before = answer.connections;
      try {
        await wire.follow(answer);
      } catch (error) {
        answer.transcript.note(String(error));
        if (isRefusal(error)) {
          refusals += 1;
          this.breaches.push(`${error.message} (trace ${error.traceId}, message ${answer.request.clientMessageId})`);
        }
        const dropped = error instanceof Dropped;
        if (dropped) this.drops += 1;
        else {
          this.reconnects += 1;
          answer.lost();
        }
        failures = dropped ? 0 : answer.connections > before ? 1 : failures + 1;
        await this.#backOff(failures);
      }
    }
  }

  /** Full jitter: anything from nothing to the exponential bound. */
  async #backOff(failures: number): Promise<void> {
    const bound = Math.min(longestBackoffMs, firstBackoffMs * 2 ** failures);
    await new Promise((resolve) => setTimeout(resolve, this.#options.random.next() * bound));
  }

  /** Polls for the moment to stop: the wires know nothing of it. Asks again where the asking failed. */
  #stopAfter(wire: Wire, answer: Answer, units: number): () => void {
    let asking = false;
    const timer = setInterval(() => {
      if (asking || !answer.run || answer.transcript.length < units) return;
      asking = true;
      answer.stopAsked = true;
      wire.stop(answer).then(
        () => clearInterval(timer),
        () => {
          asking = false;
        },
      );
    }, 50);
    return () => clearInterval(timer);
  }

  /** Reads an answer that is over once more: by the end's position, and by sending the message again. */
  async #lookBack(wire: Wire, answer: Answer): Promise<void> {
    this.secondReads += 1;
    const about = `(run ${answer.run?.runId})`;
    try {
      if ((await wire.nothingAfter?.(answer)) === false) this.breaches.push(`More came after the end ${about}`);
    } catch (error) {
      if (isRefusal(error)) this.breaches.push(`${error.message} ${about}`);
    }
    const again = new Answer(this.name, answer.request, answer.script);
    await this.#seeThrough(wire, again);
    if (this.#closed) return;
    this.breaches.push(...[...again.breaches, ...again.transcript.breaches].map((breach) => `${breach} ${about}`));
    if (again.run?.runId !== answer.run?.runId) this.breaches.push(`A repeat got run ${again.run?.runId} ${about}`);
    if (!isDeepStrictEqual(again.transcript.parts, answer.transcript.parts))
      this.breaches.push(`A second reader got another answer ${about}`);
  }
}

const isRefusal = (error: unknown): error is Refused => error instanceof Refused && !error.passes;
