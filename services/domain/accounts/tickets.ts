import type { Clock } from '#platform/clock.ts';
import { AppError } from '#platform/errors.ts';
import type { Collection } from '#platform/store/store.ts';
import type { TicketRecord } from './account-records.ts';
import { hashSecret, newSecret } from './secrets.ts';

const ticketLifeMs = 30_000;

/** One-use keys that open WebSockets, since a browser cannot send a token along with one. */
export class Tickets {
  readonly #tickets: Collection<TicketRecord>;
  readonly #clock: Clock;

  constructor(tickets: Collection<TicketRecord>, clock: Clock) {
    this.#tickets = tickets;
    this.#clock = clock;
  }

  /** `sessionId`: of the session or API key that the socket will belong to. */
  async create(sessionId: string): Promise<{ ticket: string; expiresInMs: number }> {
    const ticket = newSecret();
    const expiresAt = this.#clock.now() + ticketLifeMs;
    await this.#tickets.insert({ _id: hashSecret(ticket), sessionId, expiresAt });
    return { ticket, expiresInMs: ticketLifeMs };
  }

  /** Uses a ticket up; whose it was. Throws `unauthenticated` for an unknown, used or expired one. */
  async redeem(ticket: string): Promise<string> {
    const id = hashSecret(ticket);
    const record = await this.#tickets.get(id);
    const valid = record && record.expiresAt > this.#clock.now();
    if (!valid || !(await this.#tickets.delete(id))) {
      throw new AppError(
        'unauthenticated',
        'This ticket is unknown, used or expired. Get a new one and connect again.',
      );
    }
    return record.sessionId;
  }
}
