import type { Broadcast } from '#platform/broadcast/broadcast.ts';
import type { Clock } from '#platform/clock.ts';
import { AppError } from '#platform/errors.ts';
import type { Collection } from '#platform/store/store.ts';
import type { PersonRecord } from './account-records.ts';
import { personChanged } from './account-topics.ts';
import { Believed } from './believed.ts';

const seenAgainAfterMs = 60_000;
const fields = ['name', 'role', 'timeZone', 'dailyTokenBudget', 'disabled', 'deleted', 'lastSeenAt'] as const;

/** What authorisation needs of a person. */
export type KnownPerson = Pick<PersonRecord, '_id' | (typeof fields)[number]>;

/** The people who ask, as the store has them: believed for seconds, dropped at once where somebody tells of a change. */
export class KnownPeople {
  readonly #people: Collection<PersonRecord>;
  readonly #clock: Clock;
  readonly #believed: Believed<KnownPerson>;

  constructor({ people, broadcast, clock }: { people: Collection<PersonRecord>; broadcast: Broadcast; clock: Clock }) {
    this.#people = people;
    this.#clock = clock;
    this.#believed = new Believed(clock);
    broadcast.subscribe(personChanged, ({ personId }) => this.#believed.drop(personId));
    broadcast.onReconnect(() => this.#believed.clear());
  }

  get(personId: string): Promise<KnownPerson | undefined> {
    return this.#believed.getOr(personId, () => this.#people.get(personId, fields));
  }

  /** From the store, whatever is believed. */
  fresh(personId: string): Promise<KnownPerson | undefined> {
    return this.#believed.load(personId, () => this.#people.get(personId, fields));
  }

  forget(personId: string): void {
    this.#believed.drop(personId);
  }

  /** Notes that a person is here, at most once a minute. */
  async seen(person: KnownPerson): Promise<void> {
    const now = this.#clock.now();
    if (now - person.lastSeenAt < seenAgainAfterMs) return;
    await this.#believed.load(person._id, () =>
      this.#people.update(person._id, { set: { lastSeenAt: now } }, { deleted: false }, fields),
    );
  }
}

/** Throws where nobody may act as this person: `account_disabled`, or `unauthenticated` for one who is gone. */
export function requireActive<P extends Pick<PersonRecord, 'disabled' | 'deleted'>>(person: P | undefined): P {
  if (!person || person.deleted) throw new AppError('unauthenticated', 'This account does not exist any more.');
  if (person.disabled) throw new AppError('account_disabled');
  return person;
}
