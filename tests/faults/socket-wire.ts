import { WebSocket } from 'ws';
import { ticketResponse } from '#contract/accounts.ts';
import { type ClientFrame, type ServerFrame, serverFrame } from '#contract/socket.ts';
import type { Answer } from './answer.ts';
import { call } from './http.ts';
import type { SseWireOptions } from './sse-wire.ts';
import { Dropped, Lost, Refused, silenceMs, type Wire } from './wire.ts';

interface Following {
  readonly answer: Answer;
  /** Units since it was followed over this connection. */
  taken: number;
  resolve(): void;
  reject(error: Error): void;
}

/** A client that sends and follows over one WebSocket, which it opens again where it was lost. */
export class SocketWire implements Wire {
  readonly #options: SseWireOptions;
  /** What was followed over this client's sockets, by run. */
  readonly #known = new Map<string, Answer>();
  #socket: WebSocket | undefined;
  #following: Following | undefined;
  #silence: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: SseWireOptions) {
    this.#options = options;
  }

  async follow(answer: Answer): Promise<void> {
    if (this.#closed) throw new Lost('The client is closed.');
    const socket = this.#socket ?? (await this.#open());
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#following = { answer, taken: 0, resolve, reject };
    if (answer.run) {
      const { at } = answer.transcript;
      answer.resumes += 1;
      this.#send(socket, {
        type: 'subscribe',
        ref: answer.request.clientMessageId,
        runId: answer.run.runId,
        ...(at !== undefined && { after: at }),
      });
    } else {
      answer.sends += 1;
      this.#send(socket, { type: 'send', ref: answer.request.clientMessageId, ...answer.request });
      const losesReplyAfter = this.#options.habits.losesReplyAfter();
      if (losesReplyAfter !== undefined) setTimeout(() => this.#drop(socket), losesReplyAfter);
    }
    await promise.finally(() => {
      this.#following = undefined;
    });
  }

  async stop(answer: Answer): Promise<void> {
    if (!this.#socket || !answer.run) throw new Lost('There is no socket to stop the answer over.');
    this.#send(this.#socket, { type: 'stop', ref: answer.request.clientMessageId, runId: answer.run.runId });
  }

  close(): void {
    this.#closed = true;
    this.#socket?.terminate();
  }

  async #open(): Promise<WebSocket> {
    const { addresses, session } = this.#options;
    const token = await session.token();
    const url = `${addresses.api()}/api/auth/ticket`;
    const reply = await call(url, { method: 'POST', token, signal: AbortSignal.timeout(10_000) });
    const { ticket } = ticketResponse.parse(await reply.json());
    const socket = new WebSocket(`${addresses.realtime().replace(/^http/, 'ws')}/ws?ticket=${ticket}`, {
      handshakeTimeout: 10_000,
    });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.on('message', (data) => {
      this.#heard(socket);
      const frame = serverFrame.parse(JSON.parse(String(data)));
      if (frame.type === 'ready') resolve();
      else this.#take(frame, socket);
    });
    socket.on('ping', () => this.#heard(socket));
    socket.on('error', (cause) => reject(new Lost('The socket failed.', { cause })));
    socket.on('close', (code, reason) => {
      clearTimeout(this.#silence);
      const lost = new Lost(`The socket was closed: ${code} ${reason}.`);
      reject(lost);
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#following?.reject(lost);
    });
    this.#heard(socket);
    await promise;
    this.#socket = socket;
    return socket;
  }

  #heard(socket: WebSocket): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => socket.terminate(), silenceMs);
  }

  #send(socket: WebSocket, frame: ClientFrame): void {
    socket.send(JSON.stringify(frame), () => {});
  }

  #drop(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#abandon(socket);
    this.#following?.reject(new Dropped('The client dropped its connection.'));
  }

  #abandon(socket: WebSocket): void {
    if (this.#socket === socket) this.#socket = undefined;
    socket.removeAllListeners('message');
    socket.terminate();
  }

  #take(frame: ServerFrame, socket: WebSocket): void {
    const following = this.#following;
    if (frame.type === 'error') {
      // An earlier subscription may still deliver on this socket; the next one, on another, begins where this one ended.
      this.#abandon(socket);
      following?.reject(new Refused(frame));
      return;
    }
    if (frame.type === 'run') {
      if (!following || frame.ref !== following.answer.request.clientMessageId) return;
      following.answer.traceId = frame.traceId;
      following.answer.acknowledge(frame);
      this.#known.set(frame.runId, following.answer);
      return;
    }
    const answer = 'runId' in frame ? this.#known.get(frame.runId) : undefined;
    if (!answer) return;
    if (frame.type === 'delta') answer.transcript.delta(frame.at, frame);
    else if (frame.type === 'reset') answer.transcript.reset(frame.at);
    else if (frame.type === 'done') answer.transcript.finish(frame.at, frame);
    if (following?.answer !== answer) return;
    if (frame.type === 'done') following.resolve();
    else if (frame.type === 'delta') {
      following.taken += frame.text.length;
      if (following.taken >= (this.#options.habits.dropEvery ?? Number.POSITIVE_INFINITY)) this.#drop(socket);
    }
  }
}
