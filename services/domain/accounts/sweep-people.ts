import type { ChatPorts } from '#domain/chat/chat-ports.ts';
import { isAppError } from '#platform/errors.ts';
import type { AccountPorts } from './account-ports.ts';
import { AdministratorsRepair } from './administrators.ts';
import { deleteGuest } from './delete-person.ts';
import type { Eraser, Erasers } from './erase-person.ts';
import { askForMail } from './links.ts';

const minute = 60_000;
const hour = 60 * minute;
/** A guest whose session ran out may come back with a registration, and looks at the page in the evening. */
const guestsStayMs = 24 * hour;
/** A tombstone outlives what could still be written under it. */
const tombstoneMs = hour;
/** Until then its first job may be under way, after that the queue has given it up. */
const mailLate = { fromMs: 30_000, toMs: 10 * minute } as const;
const page = 200;
/** In one pass; those behind them come in the next. */
const mostPeople = 200;
const mostGuests = 1_000;

/** Removes what has run out of accounts, and what is left of people who were deleted. Several may run beside each other. */
export class PeopleSweep {
  readonly #accounts: AccountPorts;
  readonly #chat: ChatPorts;
  readonly #erasers: Erasers;
  readonly #administrators: AdministratorsRepair;
  /** Tombstones whose people have nothing left that goes at once, as far as this process knows. */
  #erased = new Set<string>();

  constructor(accounts: AccountPorts, chat: ChatPorts, erasers: Erasers) {
    this.#accounts = accounts;
    this.#chat = chat;
    this.#erasers = erasers;
    this.#administrators = new AdministratorsRepair(accounts.records);
  }

  /** Links that ran out, mails that nobody was asked for, guests who are gone, and the list of administrators. */
  async tidy(): Promise<void> {
    await this.#links();
    await this.#guests();
    await this.#administrators.pass();
  }

  /** Removes some more of each person who was deleted; a person for whom it fails is logged and left for the next pass. */
  async erase(): Promise<void> {
    const present = new Set<string>();
    const until = this.#accounts.clock.now() - tombstoneMs;
    const query = { where: { deleted: true }, sort: { by: ['createdAt'], direction: 'asc' }, limit: page } as const;
    let worked = 0;
    let cursor: string | undefined;
    do {
      const found = await this.#accounts.records.people.find({ ...query, fields: ['lastSeenAt'], cursor });
      for (const { _id, lastSeenAt } of found.items) {
        present.add(_id);
        const last = lastSeenAt <= until;
        if (!last && this.#erased.has(_id)) continue;
        if (worked++ >= mostPeople) return;
        await this.#guarded(_id, () => this.#eraseOne(_id, last));
      }
      cursor = found.nextCursor;
    } while (cursor !== undefined);
    this.#erased = this.#erased.intersection(present);
  }

  async #eraseOne(personId: string, last: boolean): Promise<void> {
    if (!(await all(this.#erasers.first, personId))) return;
    this.#erased.add(personId);
    if (last && (await all(this.#erasers.last, personId)))
      await this.#accounts.records.people.delete(personId, { deleted: true });
  }

  async #links(): Promise<void> {
    const { records, clock } = this.#accounts;
    const now = clock.now();
    while ((await records.links.deleteWhere({ expiresAt: { lte: now } }, 1_000)) >= 1_000);
    const { items } = await records.links.find({
      where: { mailed: false, createdAt: { gt: now - mailLate.toMs, lte: now - mailLate.fromMs } },
      limit: 1_000,
      fields: ['kind'],
    });
    for (const { _id } of items) await askForMail(this.#accounts, { kind: 'link', id: _id });
  }

  async #guests(): Promise<void> {
    const { records, clock, settings } = this.#accounts;
    const gone = { lte: clock.now() - settings.guestSessionMs - guestsStayMs };
    let seen = 0;
    let cursor: string | undefined;
    do {
      const found = await records.people.find({
        where: { deleted: false, role: 'guest', lastSeenAt: gone },
        sort: { by: ['lastSeenAt'], direction: 'asc' },
        limit: page,
        cursor,
      });
      for (const guest of found.items) {
        await this.#guarded(guest._id, async () => {
          if (!(await this.#mayReturn(guest._id))) await deleteGuest(this.#accounts, this.#chat, guest);
        });
      }
      seen += found.items.length;
      cursor = found.nextCursor;
    } while (cursor !== undefined && seen < mostGuests);
  }

  /** They are signed in somewhere, or a registration waits for its link to be followed. */
  async #mayReturn(guestId: string): Promise<boolean> {
    const { records, sessions } = this.#accounts;
    if ((await sessions.list(guestId)).length > 0) return true;
    return (await records.links.count({ 'registration.guestId': guestId })) > 0;
  }

  async #guarded(personId: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (isAppError(error, 'store_unavailable')) throw error;
      this.#accounts.logger.error('What is kept of a person could not be removed; it is tried again.', {
        'event.action': 'sweep',
        'user.id': personId,
        error,
      });
    }
  }
}

async function all(erasers: readonly Eraser[], personId: string): Promise<boolean> {
  for (const erase of erasers) if (!(await erase(personId))) return false;
  return true;
}
