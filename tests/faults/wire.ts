import type { ErrorDetail } from '#contract/errors.ts';
import type { Answer } from './answer.ts';

/** How a client speaks to Lamplight: over SSE, or over a WebSocket. */
export interface Wire {
  /**
   * Sends the message where its run is not known yet, else resumes at the reader's position, and takes what comes until the
   * answer is done. Throws `Lost`, `Dropped` or `Refused` where it ends before that.
   */
  follow(answer: Answer): Promise<void>;
  /** Asks for the answer to end with what it has. */
  stop(answer: Answer): Promise<void>;
  /** Whether the end can be resumed after: nothing more comes, and it is said so at once. */
  nothingAfter?(answer: Answer): Promise<boolean>;
  close(): void;
}

/** The addresses of the processes; a client takes any of them. */
export interface Addresses {
  readonly api: () => string;
  readonly realtime: () => string;
}

/** What a client does to its own connections. */
export interface Habits {
  /** Drops the connection after so many units. */
  readonly dropEvery: number | undefined;
  /** Milliseconds after which a connection with a new message is dropped without a look at the reply; undefined to wait for it. */
  readonly losesReplyAfter: () => number | undefined;
}

/** The connection ended, or nothing came over it for too long. */
export class Lost extends Error {}

/** The client dropped its connection itself. */
export class Dropped extends Error {}

/** The server said why not. */
export class Refused extends Error {
  readonly code: string;
  readonly traceId: string;

  constructor({ code, message, traceId }: ErrorDetail) {
    super(`${code}: ${message}`);
    this.code = code;
    this.traceId = traceId;
  }

  /** Whether it may be tried again as it is. */
  get passes(): boolean {
    return ['store_unavailable', 'draining', 'too_busy'].includes(this.code);
  }
}

/** Longer than the server's heartbeats are apart. */
export const silenceMs = 40_000;
