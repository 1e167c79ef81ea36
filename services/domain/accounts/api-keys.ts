import { randomBytes } from 'node:crypto';
import type { Scope } from '#contract/accounts.ts';
import type { Broadcast } from '#platform/broadcast/broadcast.ts';
import type { Clock } from '#platform/clock.ts';
import { AppError, isAppError } from '#platform/errors.ts';
import type { Collection } from '#platform/store/store.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { ApiKeyRecord } from './account-records.ts';
import { sessionEnded } from './account-topics.ts';
import { Believed } from './believed.ts';
import { hashSecret } from './secrets.ts';
import { tellSessionEnded } from './tell-processes.ts';

export const maxApiKeys = 20;
const usedAgainAfterMs = 60_000;
const dayMs = 24 * 60 * 60_000;
/** One that ran out is shown so for a while, so that its owner sees why a program stopped. */
const shownAfterEndMs = 30 * dayMs;
const form = /^lamp_[\w-]{43}$/;
const prefixLength = 11;

export interface ApiKeysOptions {
  readonly apiKeys: Collection<ApiKeyRecord>;
  readonly broadcast: Broadcast;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newId: () => string;
}

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly Exclude<Scope, 'account'>[];
  readonly expiresInDays: number;
}

/** The keys of people's own programs. */
export class ApiKeys {
  readonly #options: ApiKeysOptions;
  readonly #believed: Believed<ApiKeyRecord>;

  constructor(options: ApiKeysOptions) {
    this.#options = options;
    this.#believed = new Believed(options.clock);
    options.broadcast.subscribe(sessionEnded, ({ sessionId }) => this.#believed.drop(sessionId));
    options.broadcast.onReconnect(() => this.#believed.clear());
  }

  /** Whether a bearer token looks like a key. */
  static isKey = (bearer: string): boolean => form.test(bearer);

  /** Throws `too_many_keys`. The key itself is shown here and never again. */
  async create(personId: string, { name, scopes, expiresInDays }: NewApiKey): Promise<ApiKeyRecord & { key: string }> {
    const { apiKeys, clock, newId } = this.#options;
    const key = `lamp_${randomBytes(32).toString('base64url')}`;
    const now = clock.now();
    const record = {
      _id: newId(),
      personId,
      name,
      scopes: [...new Set(scopes)],
      hash: hashSecret(key),
      prefix: key.slice(0, prefixLength),
      createdAt: now,
      expiresAt: now + expiresInDays * dayMs,
    };
    const present = await this.#ofPerson(personId);
    for (const old of present.filter(({ expiresAt }) => expiresAt <= now)) await apiKeys.delete(old._id);
    const taken = new Set(present.filter(({ expiresAt }) => expiresAt > now).map(({ slot }) => slot));
    for (let slot = 0; slot < maxApiKeys; slot += 1) {
      if (taken.has(slot)) continue;
      try {
        await apiKeys.insert({ ...record, slot });
        return { ...record, slot, key };
      } catch (error) {
        // Another request took the place just now.
        if (!isAppError(error, 'conflict')) throw error;
      }
    }
    throw new AppError('too_many_keys');
  }

  /** The latest first. */
  async list(personId: string): Promise<readonly ApiKeyRecord[]> {
    return this.#ofPerson(personId);
  }

  /** Ends a key with all that was opened with it; false where the person has none of that id. */
  async end(personId: string, id: string): Promise<boolean> {
    const { apiKeys } = this.#options;
    if (!(await apiKeys.delete(id, { personId }))) return false;
    await this.#ended(id);
    return true;
  }

  async endAllOf(personId: string): Promise<void> {
    for (const { _id } of await this.#ofPerson(personId)) await this.end(personId, _id);
  }

  /** The key that a bearer token is. */
  async find(bearer: string): Promise<ApiKeyRecord | undefined> {
    const hash = hashSecret(bearer);
    const { items } = await this.#options.apiKeys.find({ where: { hash }, limit: 1 });
    return items[0];
  }

  get(id: string): Promise<ApiKeyRecord | undefined> {
    return this.#believed.getOr(id, () => this.#options.apiKeys.get(id));
  }

  /** Notes that a key is used, at most once a minute. */
  async used(key: ApiKeyRecord): Promise<void> {
    const { apiKeys, clock } = this.#options;
    const now = clock.now();
    if (now - (key.lastUsedAt ?? 0) < usedAgainAfterMs) return;
    await this.#believed.load(key._id, () => apiKeys.update(key._id, { set: { lastUsedAt: now } }));
  }

  /** Deletes what has run out long ago, some at a time; returns how many. */
  sweep(limit: number): Promise<number> {
    const { apiKeys, clock } = this.#options;
    return apiKeys.deleteWhere({ expiresAt: { lte: clock.now() - shownAfterEndMs } }, limit);
  }

  async #ofPerson(personId: string): Promise<readonly ApiKeyRecord[]> {
    const { items } = await this.#options.apiKeys.find({
      where: { personId },
      sort: { by: ['createdAt'], direction: 'desc' },
      limit: maxApiKeys,
    });
    return items;
  }

  async #ended(id: string): Promise<void> {
    this.#believed.drop(id);
    await tellSessionEnded(this.#options, id);
  }
}
