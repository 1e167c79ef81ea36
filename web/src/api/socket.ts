import type { ClientFrame, closeCodes, ServerFrame } from '#contract/socket.ts';
import { fullJitter } from './back-off.ts';
import { Listeners } from './listeners.ts';
import type { After } from './timers.ts';

type CloseCodes = typeof closeCodes;
const policy: CloseCodes['policy'] = 1008;

/** A ping after this much silence, and how long its pong may take, in milliseconds. */
const silenceMs = 20_000;
const pongMs = 8_000;
/** A connection that takes longer to be ready is given up, in milliseconds; each next one gets twice as long, up to the longest. */
const readyMs = 10_000;
const longestReadyMs = 80_000;

export type Connection = 'connecting' | 'connected' | 'reconnecting' | 'offline';

/** One connection, and what it tells. */
export interface Wire {
  send(text: string): void;
  close(): void;
}
export interface WireEvents {
  readonly onMessage: (data: unknown) => void;
  readonly onClose: (code: number) => void;
}

/** Opens a connection with a one-use ticket. */
export type OpenWire = (ticket: string, events: WireEvents) => Wire;

export interface SocketOptions {
  /** A fresh one-use ticket; `signal` says that this try is given up. May reject: then it is tried again later, unless `stop` was called. */
  readonly ticket: (signal: AbortSignal) => Promise<string>;
  readonly open: OpenWire;
  readonly onFrame: (frame: ServerFrame) => void;
  /** The connection is ready; whatever was followed or unanswered on an earlier one is gone. `again`: it is not that of the first try. */
  readonly onReady: (again: boolean) => void;
  readonly after: After;
  /** The time in milliseconds, by which `nextTry` is told. */
  readonly now: () => number;
  readonly random: () => number;
  readonly online: () => boolean;
}

/** The one WebSocket of a page: it comes back with full-jitter back-off, and notices when it is dead without a close. */
export class Socket {
  readonly #options: SocketOptions;
  readonly #listeners = new Listeners();
  #state: Connection = 'connecting';
  #wire: Wire | undefined;
  /** Tells the callbacks of a given-up try that they are stale. */
  #round = 0;
  #failures = 0;
  #wasReady = false;
  #tries = 0;
  /** Doubles with each try that was not ready in time. */
  #patienceMs = readyMs;
  #try = new AbortController();
  #stopped = true;
  #nextTry: number | undefined;
  #cancelTimer: () => void = () => {};
  readonly subscribe = this.#listeners.subscribe;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  readonly state = (): Connection => this.#state;
  /** When the connection is tried again, by `now`; nothing while it stands or is being tried. */
  readonly nextTry = (): number | undefined => this.#nextTry;

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    void this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#drop();
    this.#set('connecting');
  }

  /** False where there is no connection: the frame was not sent. */
  send(frame: ClientFrame): boolean {
    if (this.#state !== 'connected' || !this.#wire) return false;
    this.#wire.send(JSON.stringify(frame));
    return true;
  }

  /** Something suggests that the network is back (the browser's `online`, the page shown again): do not wait any longer. */
  readonly hurry = (): void => {
    if (this.#stopped) return;
    if (this.#state === 'connected') this.#ping();
    else if (!this.#wire) {
      this.#failures = 0;
      this.#drop();
      void this.#connect();
    }
  };

  /** The browser says that there is no network: what looks open is not. */
  readonly lost = (): void => {
    if (!this.#stopped) this.#retry();
  };

  async #connect(): Promise<void> {
    this.#round += 1;
    const round = this.#round;
    const isStale = () => round !== this.#round;
    const { online } = this.#options;
    this.#set(online() ? (this.#wasReady || this.#failures ? 'reconnecting' : 'connecting') : 'offline');
    this.#cancelTimer = this.#options.after(this.#patienceMs, () => {
      this.#patienceMs = Math.min(longestReadyMs, this.#patienceMs * 2);
      this.#retry();
    });
    this.#tries += 1;
    this.#try = new AbortController();
    try {
      const ticket = await this.#options.ticket(this.#try.signal);
      if (isStale()) return;
      this.#wire = this.#options.open(ticket, {
        onMessage: (data) => {
          if (!isStale()) this.#receive(data);
        },
        onClose: (code) => {
          if (!isStale()) this.#retry(code);
        },
      });
    } catch {
      // Whatever the reason, it shows as the connection state, and another ticket is asked for. Where the session is over,
      // the request for the ticket has said so and this socket is stopped.
      if (!isStale()) this.#retry();
    }
  }

  #receive(data: unknown): void {
    const frame = readFrame(data);
    if (!frame) return;
    this.#watch();
    if (frame.type === 'ready') {
      // While an earlier try failed, notices were missed as well.
      const again = this.#tries > 1;
      this.#failures = 0;
      this.#patienceMs = readyMs;
      this.#wasReady = true;
      this.#set('connected');
      this.#options.onReady(again);
    } else if (frame.type !== 'pong') this.#options.onFrame(frame);
  }

  /** Any frame shows that the connection lives; after a silence, a ping asks. */
  #watch(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.after(silenceMs, () => this.#ping());
  }

  #ping(): void {
    this.#cancelTimer();
    this.send({ type: 'ping' });
    this.#cancelTimer = this.#options.after(pongMs, () => this.#retry());
  }

  /** With back-off. After 1008 at once, where the next ticket tells whether the session is over. */
  #retry(code?: number): void {
    this.#drop();
    if (this.#stopped) return;
    const atOnce = code === policy && this.#failures === 0;
    const wait = atOnce ? 0 : fullJitter(this.#failures, this.#options.random);
    this.#failures += 1;
    this.#set(this.#options.online() ? 'reconnecting' : 'offline', this.#options.now() + wait);
    this.#cancelTimer = this.#options.after(wait, () => void this.#connect());
  }

  #drop(): void {
    this.#round += 1;
    this.#cancelTimer();
    this.#try.abort();
    this.#wire?.close();
    this.#wire = undefined;
  }

  #set(state: Connection, nextTry?: number): void {
    if (state === this.#state && nextTry === this.#nextTry) return;
    this.#state = state;
    this.#nextTry = nextTry;
    this.#listeners.tell();
  }
}

/** The browser's WebSocket to a server; an empty origin is the page's own. Browsers turn `https:` into `wss:`. */
export const openWebSocket =
  (origin: string): OpenWire =>
  (ticket, { onMessage, onClose }) => {
    const wire = new WebSocket(`${origin}/ws?ticket=${encodeURIComponent(ticket)}`);
    wire.onmessage = ({ data }) => onMessage(data);
    wire.onclose = ({ code }) => onClose(code);
    return wire;
  };

/** A frame of the contract; anything else, such as what a later server might say, is ignored. */
function readFrame(data: unknown): ServerFrame | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const frame: unknown = JSON.parse(data);
    if (typeof frame !== 'object' || frame === null || !('type' in frame)) return undefined;
    return typeof frame.type === 'string' ? (frame as ServerFrame) : undefined;
  } catch {
    return undefined;
  }
}
