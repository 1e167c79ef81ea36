// Sends and reads over one WebSocket, which comes back with a new ticket and full jitter, as the web app's does.
import { clearTimeout, setTimeout } from 'k6/timers';
import { WebSocket } from 'k6/websockets';
import { askedToWait, refused } from '../result/metrics.js';
import { SignedOut } from './session.js';
import { passingCodes } from './sse-client.js';
import { backOff, wait } from './waiting.js';

/** @typedef {import('./answer.js').Answer} Answer */
/** @typedef {import('#contract/socket.ts').ServerFrame} Frame */

/** A connection is given up that is not ready after so long, or is silent for so long after a ping. */
const readyMs = 10_000;
const silenceMs = 20_000;
const pongMs = 8_000;
const refusalsTaken = 3;
/** Units of an answer after which it is cut, where it shall be. */
const cutAfterUnits = 12;

export class SocketClient {
  #session;
  /** @type {WebSocket | undefined} */
  #socket;
  #ready = false;
  #closed = false;
  /** Tells the callbacks of a given-up socket that they are stale. */
  #round = 0;
  #failures = 0;
  #watch = 0;
  /** @type {Answer | undefined} */
  #answer;
  /** Told when something changed that whoever follows waits for. */
  #tell = () => {};
  #refusals = 0;
  /** @type {SignedOut | undefined} */
  #signedOut;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  async open() {
    await this.#connect();
  }

  close() {
    this.#closed = true;
    this.#drop();
  }

  /**
   * Sees an answer through, over as many connections as that takes.
   * @param {Answer} answer
   */
  async follow(answer) {
    this.#answer = answer;
    this.#refusals = 0;
    if (this.#ready) this.#ask();
    while (!answer.ended && this.#refusals < refusalsTaken && Date.now() < answer.deadline && !this.#signedOut)
      await this.#change(answer.deadline - Date.now());
    this.#answer = undefined;
    if (this.#signedOut) throw this.#signedOut;
  }

  /** @param {number} ms At most. */
  #change(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), Math.max(1, ms));
      this.#tell = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
  }

  async #connect() {
    this.#round += 1;
    const round = this.#round;
    const isStale = () => round !== this.#round || this.#closed;
    this.#expect(readyMs, () => this.#retry());
    /** @type {string} */
    let ticket;
    try {
      ticket = await this.#session.ticket();
    } catch (error) {
      if (error instanceof SignedOut) {
        this.#signedOut = error;
        this.close();
        this.#tell();
      } else if (!isStale()) this.#retry();
      return;
    }
    if (isStale()) return;
    const socket = new WebSocket(`${this.#session.socketUrl}?ticket=${ticket}`, null, { tags: { name: '/ws' } });
    this.#socket = socket;
    socket.addEventListener('message', (event) => {
      if (!isStale() && 'data' in event) this.#receive(JSON.parse(String(event.data)), event.timestamp);
    });
    socket.addEventListener('close', () => {
      if (!isStale()) this.#retry();
    });
    // What failed is told by the close that follows; a listener keeps k6 from ending the iteration.
    socket.addEventListener('error', () => {});
  }

  #retry(onPurpose = false) {
    if (this.#ready && this.#answer && !this.#answer.ended) this.#answer.lost(onPurpose);
    this.#drop();
    const ms = onPurpose ? backOff(0) : backOff(this.#failures);
    this.#failures += 1;
    this.#watch = setTimeout(() => void this.#connect(), ms);
  }

  #drop() {
    this.#round += 1;
    this.#ready = false;
    clearTimeout(this.#watch);
    const socket = this.#socket;
    this.#socket = undefined;
    // Closed from the other side or while it opens: there is nothing to say good-bye to.
    if (socket && socket.readyState === 1) socket.close();
    else if (socket && socket.readyState === 0) socket.addEventListener('open', () => socket.close());
  }

  /**
   * @param {number} ms
   * @param {() => void} otherwise
   */
  #expect(ms, otherwise) {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(otherwise, ms);
  }

  /** Sends the message, or follows its answer from the position that was reached. */
  #ask() {
    const answer = this.#answer;
    if (!answer || answer.ended) return;
    const ref = answer.clientMessageId;
    const after = answer.transcript.at;
    if (answer.run) {
      answer.resuming();
      this.#send({ type: 'subscribe', ref, runId: answer.run.runId, ...(after !== undefined && { after }) });
    } else {
      answer.sending();
      this.#send({ type: 'send', ref, ...answer.request });
    }
  }

  /** @param {import('#contract/socket.ts').ClientFrame} frame */
  #send(frame) {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(frame));
  }

  /**
   * @param {Frame} frame
   * @param {number} at
   */
  #receive(frame, at) {
    this.#expect(silenceMs, () => {
      this.#send({ type: 'ping' });
      this.#expect(pongMs, () => this.#retry());
    });
    if (frame.type === 'ready') {
      this.#ready = true;
      this.#failures = 0;
      this.#ask();
      return;
    }
    const answer = this.#answer;
    if (!answer) return;
    if (frame.type === 'error') {
      if (frame.ref === answer.clientMessageId || frame.runId === answer.run?.runId) this.#refuse(frame);
    } else if (frame.type === 'run') {
      if (frame.ref === answer.clientMessageId) answer.acknowledge(frame, at);
    } else if ('runId' in frame && frame.runId === answer.run?.runId) {
      answer.take(frame.type, frame.at, frame, { at, live: true });
      if (answer.ended) this.#tell();
      else if (answer.wantsCut && answer.transcript.taken >= cutAfterUnits) this.#retry(true);
    }
  }

  /** @param {Extract<Frame, { type: 'error' }>} error */
  #refuse({ code, message, traceId }) {
    const passes = passingCodes.includes(code);
    (passes ? askedToWait : refused).add(1);
    if (!passes) {
      this.#refusals += 1;
      console.error(`refused: ${code} ${message} (trace ${traceId})`);
    }
    const round = this.#round;
    this.#failures += 1;
    void wait(backOff(this.#failures)).then(() => {
      if (round === this.#round) this.#ask();
    });
    this.#tell();
  }
}
