import { z } from 'zod';
import type { Broadcast, Topic } from '#platform/broadcast/broadcast.ts';
import type { Clock } from '#platform/clock.ts';
import { AppError } from '#platform/errors.ts';
import type { Collection, Store } from '#platform/store/store.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import {
  type SessionRecord,
  sessions as sessionSpec,
  type TicketRecord,
  tickets as ticketSpec,
} from './guest-session-records.ts';
import type { Principal } from './principal.ts';
import { hashSecret, newSecret } from './secrets.ts';

/** Told to every process when a session ends, so that its sockets close at once. */
export const sessionEnded: Topic<{ sessionId: string }> = {
  name: 'session-ended',
  data: z.object({ sessionId: z.string() }),
};

/** A session that was looked up is believed this long, so that a burst of requests asks the store once. */
const believedForMs = 5_000;
/** The end of a session moves on when at least this much of its life is used. */
const extendAfterMs = 60_000;
const ticketLifeMs = 30_000;
const maxBelieved = 10_000;

export interface SessionsOptions {
  readonly store: Store;
  readonly broadcast: Broadcast;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newId: () => string;
  readonly guestSessionMs: number;
}

/** Guest sessions and the tickets that open their sockets. */
export class Sessions {
  readonly #sessions: Collection<SessionRecord>;
  readonly #tickets: Collection<TicketRecord>;
  readonly #options: SessionsOptions;
  readonly #believed = new Map<string, { principal: Principal; since: number }>();

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#sessions = options.store.collection(sessionSpec);
    this.#tickets = options.store.collection(ticketSpec);
    options.broadcast.subscribe(sessionEnded, ({ sessionId }) => this.#believed.delete(sessionId));
    options.broadcast.onReconnect(() => this.#believed.clear());
  }

  /** Starts a guest session; the token is shown here and never again. */
  async startGuest(name: string): Promise<{ token: string; expiresInMs: number }> {
    const { clock, newId, guestSessionMs } = this.#options;
    const token = newSecret();
    const now = clock.now();
    await this.#sessions.insert({
      _id: hashSecret(token),
      principalId: newId(),
      name,
      role: 'guest',
      createdAt: now,
      expiresAt: now + guestSessionMs,
    });
    return { token, expiresInMs: guestSessionMs };
  }

  /** Who a token speaks for. Throws `unauthenticated` for an unknown one, `session_expired` for one that ran out. */
  async authenticate(token: string): Promise<Principal> {
    return this.#check(hashSecret(token));
  }

  /** The principal of a session that was authenticated before, or undefined where it has ended since. */
  async stillValid(sessionId: string): Promise<Principal | undefined> {
    const session = await this.#sessions.get(sessionId);
    return session && session.expiresAt > this.#options.clock.now() ? present(session) : undefined;
  }

  async end(principal: Principal): Promise<void> {
    await this.#sessions.delete(principal.sessionId);
    this.#believed.delete(principal.sessionId);
    const { broadcast, logger } = this.#options;
    try {
      await broadcast.publish(sessionEnded, { sessionId: principal.sessionId });
    } catch (error) {
      logger.warn('Open streams were not told that their session ended; they learn it when sessions are checked.', {
        'event.action': 'session_end',
        error,
      });
    }
  }

  async createTicket(principal: Principal): Promise<{ ticket: string; expiresInMs: number }> {
    const ticket = newSecret();
    await this.#tickets.insert({
      _id: hashSecret(ticket),
      sessionId: principal.sessionId,
      expiresAt: this.#options.clock.now() + ticketLifeMs,
    });
    return { ticket, expiresInMs: ticketLifeMs };
  }

  /** Uses a ticket up. Throws `unauthenticated` for an unknown, used or expired one. */
  async redeemTicket(ticket: string): Promise<Principal> {
    const id = hashSecret(ticket);
    const record = await this.#tickets.get(id);
    const valid = record && record.expiresAt > this.#options.clock.now();
    if (!valid || !(await this.#tickets.delete(id))) {
      throw new AppError(
        'unauthenticated',
        'This ticket is unknown, used or expired. Get a new one and connect again.',
      );
    }
    return this.#check(record.sessionId);
  }

  /** The principal of an open socket that is used again, its session checked and extended. Throws as `authenticate` does. */
  renew(principal: Principal): Promise<Principal> {
    return this.#check(principal.sessionId);
  }

  /** Moves the end of a session that is in use. */
  async #touch(principal: Principal): Promise<Principal> {
    const { clock, guestSessionMs } = this.#options;
    const expiresAt = clock.now() + guestSessionMs;
    if (expiresAt - principal.expiresAt < Math.min(extendAfterMs, guestSessionMs / 10)) return principal;
    const session = await this.#sessions.update(principal.sessionId, { set: { expiresAt } });
    return session ? this.#believe(present(session)) : principal;
  }

  /** Deletes what has run out, some at a time; returns how many. */
  async sweep(limit: number): Promise<number> {
    const expired = { expiresAt: { lte: this.#options.clock.now() - extendAfterMs } };
    return (await this.#sessions.deleteWhere(expired, limit)) + (await this.#tickets.deleteWhere(expired, limit));
  }

  async #check(sessionId: string): Promise<Principal> {
    const now = this.#options.clock.now();
    const believed = this.#believed.get(sessionId);
    if (believed && now - believed.since < believedForMs && believed.principal.expiresAt > now)
      return believed.principal;
    const session = await this.#sessions.get(sessionId);
    if (!session)
      throw new AppError('unauthenticated', 'You are not signed in, or this session has ended. Start again.');
    if (session.expiresAt <= now) throw new AppError('session_expired', 'Your session has expired. Start again.');
    return this.#touch(this.#believe(present(session)));
  }

  #believe(principal: Principal): Principal {
    if (this.#believed.size >= maxBelieved) this.#believed.clear();
    this.#believed.set(principal.sessionId, { principal, since: this.#options.clock.now() });
    return principal;
  }
}

const present = (session: SessionRecord): Principal => ({
  id: session.principalId,
  name: session.name,
  role: session.role,
  timeZone: 'UTC',
  sessionId: session._id,
  expiresAt: session.expiresAt,
});
