import { type Role, roles } from '#contract/accounts.ts';
import type { Notice } from '#contract/socket.ts';
import { personChanged, sessionEnded } from '#domain/accounts/account-topics.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import type { Sessions } from '#domain/accounts/sessions.ts';
import type { Follower } from '#domain/runs/follow-run.ts';
import { personNotice } from '#domain/runs/run-topics.ts';
import type { Broadcast } from '#platform/broadcast/broadcast.ts';
import type { Clock } from '#platform/clock.ts';
import { AppError } from '#platform/errors.ts';
import type { Logger } from '#platform/telemetry/logger.ts';

const checkEveryMs = 60_000;
/** After a check that failed: somebody may have been disabled or signed out, and is not to stay for a minute. */
const checkAgainMs = 500;
export const heartbeatEveryMs = 15_000;
/** Where a process stops: a thousand streams a second go to the others, unless its time is too short for that. */
const leastApartMs = 1;

/** A request that takes long to arrive may open a stream this long after it was authenticated. */
const rememberMs = 10 * 60_000;

/** A long-lived connection of a person: an SSE response or a WebSocket. */
export interface OpenStream {
  readonly principal: Principal;
  /** Shows the connection, and those between, that both ends live; closes one that does not answer. */
  heartbeat(): void;
  notice(notice: Notice): void;
  /** The session ended, its person may no longer do as much, or the process stops. */
  end(reason: AppError): void;
}

/** A stream with the role that its person had when it was opened. */
interface Opened {
  readonly stream: OpenStream;
  readonly role: Role;
}

/**
 * The long-lived connections of this process: beats them, tells them notices, and ends those whose session has ended, or whose
 * person was disabled, deleted or given a lesser role.
 */
export class OpenStreams {
  /** By person. */
  readonly #streams = new Map<string, Set<Opened>>();
  /** Sessions and people of whom something was told lately, and when: what is opened only now may not know it. */
  readonly #told = new Map<string, number>();
  readonly #followers = new Map<string, Set<Follower>>();
  readonly #sessions: Sessions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #unsubscribe: ReadonlyArray<() => void>;
  readonly #cancelTimers = new Map<string, () => void>();
  #ended = false;
  /** Checks fail at present: that was told. */
  #uncheckable = false;

  constructor({
    sessions,
    broadcast,
    clock,
    logger,
  }: { sessions: Sessions; broadcast: Broadcast; clock: Clock; logger: Logger }) {
    this.#sessions = sessions;
    this.#clock = clock;
    this.#logger = logger;
    this.#unsubscribe = [
      broadcast.subscribe(sessionEnded, ({ sessionId }) => {
        this.#told.set(sessionId, clock.monotonic());
        this.#endSession(sessionId, loggedOut());
      }),
      broadcast.subscribe(personChanged, ({ personId }) => {
        this.#told.set(personId, clock.monotonic());
        void this.#check([...(this.#streams.get(personId) ?? [])]);
      }),
      broadcast.subscribe(personNotice, ({ ownerId, notice }) => this.#notice(ownerId, notice)),
      broadcast.onReconnect(() => void this.#check(this.#opened())),
    ];
    this.#every('check', checkEveryMs, () => {
      for (const [id, at] of this.#told) if (clock.monotonic() - at > rememberMs) this.#told.delete(id);
      void this.#check(this.#opened());
    });
    this.#every('heartbeat', heartbeatEveryMs, () => {
      for (const stream of this.#all()) stream.heartbeat();
    });
  }

  get count(): number {
    let count = 0;
    for (const streams of this.#streams.values()) count += streams.size;
    return count;
  }

  /** Returns what takes it out again. One that comes after `endAll` ends at once. */
  add(stream: OpenStream): () => void {
    if (this.#ended) stream.end(new AppError('draining'));
    const { id, sessionId, role } = stream.principal;
    const opened: Opened = { stream, role };
    const remove = addTo(this.#streams, id, opened);
    if (this.#told.has(id) || this.#told.has(sessionId)) void this.#check([opened]);
    return remove;
  }

  /** A follower that is poked where its run is said to have ended. */
  addFollower(runId: string, follower: Follower): () => void {
    return addTo(this.#followers, runId, follower);
  }

  /**
   * Ends every stream: their clients connect again, to another process. A crowd is ended over a while, within `withinMs`, so
   * that it does not arrive there all at once.
   */
  async endAll(withinMs: number): Promise<void> {
    this.#ended = true;
    for (const cancel of this.#cancelTimers.values()) cancel();
    const draining = new AppError('draining');
    const open = this.#opened();
    const apartMs = Math.min(leastApartMs, withinMs / Math.max(1, open.length));
    await Promise.all(
      open.map(async (opened, place) => {
        const { stream } = opened;
        const waitMs = Math.floor(place * apartMs);
        if (waitMs > 0) await new Promise<void>((resolve) => this.#clock.after(waitMs, resolve));
        if (this.#streams.get(stream.principal.id)?.has(opened)) stream.end(draining);
      }),
    );
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  #every(name: string, ms: number, work: () => void): void {
    const tick = () => {
      work();
      if (!this.#ended) this.#cancelTimers.set(name, this.#clock.after(ms, tick));
    };
    this.#cancelTimers.set(name, this.#clock.after(ms, tick));
  }

  #opened(): Opened[] {
    return [...this.#streams.values()].flatMap((streams) => [...streams]);
  }

  #all(): OpenStream[] {
    return this.#opened().map(({ stream }) => stream);
  }

  #notice(ownerId: string, notice: Notice): void {
    for (const { stream } of this.#streams.get(ownerId) ?? []) stream.notice(notice);
    if (notice.kind === 'run_ended') for (const follower of this.#followers.get(notice.runId) ?? []) follower.poke();
  }

  #endSession(sessionId: string, reason: AppError): void {
    for (const stream of this.#all()) if (stream.principal.sessionId === sessionId) stream.end(reason);
  }

  /** Asks the store about the sessions and people of these streams: what was told of them may have been missed, or not be known. */
  async #check(opened: readonly Opened[]): Promise<void> {
    if (opened.length === 0) return;
    try {
      const valid = await this.#sessions.allStillValid(opened.map(({ stream }) => stream.principal));
      this.#uncheckable = false;
      for (const { stream, role } of opened) {
        const now = valid.get(stream.principal.sessionId);
        if (!now) stream.end(expired());
        else if (roles.indexOf(now.role) < roles.indexOf(role)) stream.end(demoted());
      }
    } catch (error) {
      this.#checkAgain(error);
    }
  }

  /** Once for all checks that fail meanwhile; all streams, since nobody knows any more which ones it was about. */
  #checkAgain(error: unknown): void {
    if (!this.#uncheckable) {
      this.#logger.warn('Sessions could not be checked; open streams stay until they can.', {
        'event.action': 'session_check',
        error,
      });
    }
    this.#uncheckable = true;
    if (this.#ended || this.#cancelTimers.has('check again')) return;
    const again = async () => {
      this.#cancelTimers.delete('check again');
      await this.#check(this.#opened());
    };
    this.#cancelTimers.set(
      'check again',
      this.#clock.after(checkAgainMs, () => void again()),
    );
  }
}

const loggedOut = () => new AppError('unauthenticated', 'You are signed out. Sign in to go on.');
/** Whoever connects again does so with the rights of now. */
const demoted = () => new AppError('draining', 'What you may do here has changed. Connect again.');
const expired = () => new AppError('session_expired', 'Your session has expired. Start again.');

function addTo<T>(map: Map<string, Set<T>>, key: string, value: T): () => void {
  const values = map.get(key) ?? new Set();
  map.set(key, values.add(value));
  return () => {
    values.delete(value);
    if (values.size === 0 && map.get(key) === values) map.delete(key);
  };
}
