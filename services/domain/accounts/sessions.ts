import type { Audit } from '#domain/audit/audit.ts';
import type { Broadcast } from '#platform/broadcast/broadcast.ts';
import type { Clock } from '#platform/clock.ts';
import type { AccountsConfig } from '#platform/config/config.ts';
import { AppError } from '#platform/errors.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { type AccessClaims, AccessTokens } from './access-tokens.ts';
import type { AccountRecords, PersonRecord, SessionRecord } from './account-records.ts';
import { sessionEnded } from './account-topics.ts';
import { ApiKeys } from './api-keys.ts';
import { Believed } from './believed.ts';
import { type KnownPeople, type KnownPerson, requireActive } from './known-people.ts';
import type { Principal } from './principal.ts';
import { type RefreshRules, refreshSession } from './refresh-session.ts';
import { RefreshTokens } from './refresh-tokens.ts';
import { hashSecret } from './secrets.ts';
import type { SigningKeys } from './signing-keys.ts';
import { tellSessionEnded } from './tell-processes.ts';
import { Tickets } from './tickets.ts';
import { presentPrincipal as present, validPrincipals } from './valid-principals.ts';

/** The end of a session moves on when at least this much of its life is used. */
const extendAfterMs = 60_000;
const maxVerified = 10_000;
const atATime = 1_000;

export interface SessionsOptions {
  readonly records: AccountRecords;
  readonly people: KnownPeople;
  readonly apiKeys: ApiKeys;
  readonly keys: SigningKeys;
  readonly audit: Audit;
  readonly broadcast: Broadcast;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newId: () => string;
  readonly settings: Pick<AccountsConfig, 'sessionMs' | 'guestSessionMs'>;
}

/** What whoever signs in is given. */
export interface Grant {
  readonly sessionId: string;
  readonly accessToken: string;
  readonly expiresInMs: number;
  readonly refreshToken: string;
  /** Milliseconds since the epoch; the session ends then unless it is used. */
  readonly refreshExpiresAt: number;
}

type KnownSession = Pick<SessionRecord, '_id' | 'personId' | 'guest' | 'lastUsedAt' | 'expiresAt'>;
const knownFields = ['personId', 'guest', 'lastUsedAt', 'expiresAt'];

/** Who is signed in where: sessions with their tokens, and who a credential of any kind speaks for. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #access: AccessTokens;
  readonly #refresh: RefreshTokens;
  readonly #tickets: Tickets;
  readonly #believed: Believed<KnownSession>;
  /** What tokens say whose signature was checked; an API key is here with its id. */
  readonly #verified = new Map<string, AccessClaims | { readonly keyId: string }>();

  constructor(options: SessionsOptions) {
    const { keys, clock, broadcast, records } = options;
    this.#options = options;
    this.#access = new AccessTokens(keys, clock);
    this.#refresh = new RefreshTokens(keys);
    this.#tickets = new Tickets(records.tickets, clock);
    this.#believed = new Believed(clock);
    broadcast.subscribe(sessionEnded, ({ sessionId }) => this.#believed.drop(sessionId));
    broadcast.onReconnect(() => this.#believed.clear());
  }

  /** Signs a person in. `device`: the browser or program in words. */
  async start(person: Pick<PersonRecord, '_id' | 'role'>, { device }: { readonly device: string }): Promise<Grant> {
    const { clock, newId, records, people } = this.#options;
    const now = clock.now();
    const guest = person.role === 'guest';
    const _id = newId();
    const refreshToken = this.#refresh.make({ sessionId: _id, generation: 0 });
    const session: SessionRecord = {
      _id,
      personId: person._id,
      guest,
      refreshHash: hashSecret(refreshToken),
      generation: 0,
      rotations: [],
      device,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: now + this.#lifeOf({ guest }),
    };
    await records.sessions.insert(session);
    const known = guest ? undefined : await people.get(person._id);
    if (known) await people.seen(known);
    return this.#grant(session, refreshToken);
  }

  /**
   * A new access token and the successor of a refresh token. Throws `unauthenticated` for one that is not good, `session_expired`
   * where its session ran out, `account_disabled`. `address`: the client's, for the audit log.
   */
  async refresh(refreshToken: string, address?: string): Promise<Grant> {
    const lifeOf = (session: SessionRecord) => this.#lifeOf(session);
    const rules: RefreshRules = { ...this.#options, tokens: this.#refresh, lifeOf, address };
    const { session, token } = await refreshSession(rules, refreshToken, (sessionId) => this.end(sessionId));
    return this.#grant(session, token);
  }

  /**
   * Who a bearer token (an access token or an API key) speaks for. Throws `unauthenticated` for one that is not good,
   * `session_expired` where its session or key ran out, `account_disabled`.
   */
  async authenticate(bearer: string): Promise<Principal> {
    const verified = this.#verified.get(bearer) ?? (await this.#verify(bearer));
    if ('keyId' in verified) return this.#checkKey(verified.keyId);
    if (verified.expiresAt <= this.#options.clock.now()) {
      this.#verified.delete(bearer);
      throw new AppError('unauthenticated', 'This access token has run out. Get a new one, or sign in again.');
    }
    return this.#check(verified.sessionId, verified.personId);
  }

  /** The principal of an open socket that is used again, its credential checked and its session extended. Throws as `authenticate` does. */
  renew(principal: Principal): Promise<Principal> {
    return principal.scopes ? this.#checkKey(principal.sessionId) : this.#check(principal.sessionId, principal.id);
  }

  /** A principal as the store has it now, whatever is believed; undefined where the credential or the person is no longer good. */
  async stillValid(principal: Principal): Promise<Principal | undefined> {
    return (await this.allStillValid([principal])).get(principal.sessionId);
  }

  /** Those of these principals that are good, as the store has them now, by session. */
  allStillValid(principals: readonly Principal[]): Promise<ReadonlyMap<string, Principal>> {
    return validPrincipals(this.#options, principals);
  }

  /** Where a person is signed in, the last used first. */
  async list(personId: string): Promise<readonly SessionRecord[]> {
    const { items } = await this.#options.records.sessions.find({
      where: { personId },
      sort: { by: ['lastUsedAt'], direction: 'desc' },
      limit: atATime,
    });
    const now = this.#options.clock.now();
    return items.filter(({ expiresAt }) => expiresAt > now);
  }

  /** Ends a session with all that was opened with it. `personId`: only where it is theirs. False where there was none. */
  async end(sessionId: string, { personId }: { readonly personId?: string } = {}): Promise<boolean> {
    const ended = await this.#options.records.sessions.delete(sessionId, personId === undefined ? {} : { personId });
    if (!ended && personId !== undefined) return false;
    this.#believed.drop(sessionId);
    await tellSessionEnded(this.#options, sessionId);
    return ended;
  }

  /** Ends the sessions of a person, but for `except`; API keys stay. Returns how many. */
  async endAllOf(personId: string, { except }: { readonly except?: string } = {}): Promise<number> {
    let count = 0;
    let cursor: string | undefined;
    do {
      const page = await this.#options.records.sessions.find({
        where: { personId },
        limit: atATime,
        fields: ['personId'],
        sort: { by: ['lastUsedAt'], direction: 'desc' },
        ...(cursor !== undefined && { cursor }),
      });
      for (const { _id } of page.items) if (_id !== except && (await this.end(_id))) count += 1;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return count;
  }

  /** This process asks the store about a person again; `tellPersonChanged` has all do so. */
  forgetPerson(personId: string): void {
    this.#options.people.forget(personId);
  }

  createTicket({ sessionId }: Principal): Promise<{ ticket: string; expiresInMs: number }> {
    return this.#tickets.create(sessionId);
  }

  /** Uses a ticket up. Throws `unauthenticated` for an unknown, used or expired one, and what `authenticate` throws. */
  async redeemTicket(ticket: string): Promise<Principal> {
    const sessionId = await this.#tickets.redeem(ticket);
    const isKey = !(await this.#session(sessionId)) && (await this.#options.apiKeys.get(sessionId));
    return isKey ? this.#checkKey(sessionId) : this.#check(sessionId);
  }

  /** Deletes what has run out, some at a time; returns how many. */
  async sweep(limit: number): Promise<number> {
    const { records, clock, apiKeys } = this.#options;
    const expired = { expiresAt: { lte: clock.now() - extendAfterMs } };
    const sessions = await records.sessions.deleteWhere(expired, limit);
    return sessions + (await records.tickets.deleteWhere(expired, limit)) + (await apiKeys.sweep(limit));
  }

  async #grant(session: KnownSession, refreshToken: string): Promise<Grant> {
    const { _id: sessionId, personId, expiresAt } = session;
    const { token: accessToken, expiresInMs } = await this.#access.sign({ personId, sessionId }, expiresAt);
    return { sessionId, accessToken, expiresInMs, refreshToken, refreshExpiresAt: expiresAt };
  }

  async #verify(bearer: string): Promise<AccessClaims | { readonly keyId: string }> {
    const said = ApiKeys.isKey(bearer) ? await this.#findKey(bearer) : await this.#access.verify(bearer);
    if (this.#verified.size >= maxVerified) this.#verified.clear();
    this.#verified.set(bearer, said);
    return said;
  }

  async #findKey(bearer: string): Promise<{ readonly keyId: string }> {
    const key = await this.#options.apiKeys.find(bearer);
    if (!key) throw new AppError('unauthenticated', 'This API key is unknown, or it was ended.');
    return { keyId: key._id };
  }

  async #check(sessionId: string, personId?: string): Promise<Principal> {
    const { people, clock } = this.#options;
    const known = personId === undefined ? undefined : people.get(personId);
    const [session, early] = await Promise.all([this.#session(sessionId), known]);
    if (!session || (personId !== undefined && session.personId !== personId)) throw ended();
    if (session.expiresAt <= clock.now())
      throw new AppError('session_expired', 'Your session has expired. Start again.');
    const person = requireActive(early ?? (await people.get(session.personId)));
    const now = clock.now();
    if (now - session.lastUsedAt < Math.min(extendAfterMs, this.#lifeOf(session) / 10)) return present(session, person);
    return this.#touch(session, person, now);
  }

  /** Moves the end of a session that is in use. */
  async #touch(session: KnownSession, person: KnownPerson, now: number): Promise<Principal> {
    const set = { lastUsedAt: now, expiresAt: now + this.#lifeOf(session) };
    const [touched] = await Promise.all([
      this.#believed.load(session._id, () =>
        this.#options.records.sessions.update(session._id, { set }, {}, knownFields),
      ),
      this.#options.people.seen(person),
    ]);
    if (!touched) throw ended();
    return present(touched, person);
  }

  async #checkKey(keyId: string): Promise<Principal> {
    const { apiKeys, people, clock } = this.#options;
    const key = await apiKeys.get(keyId);
    if (!key) throw new AppError('unauthenticated', 'This API key is unknown, or it was ended.');
    if (key.expiresAt <= clock.now())
      throw new AppError('session_expired', 'This API key has expired. Make a new one.');
    const person = requireActive(await people.get(key.personId));
    await Promise.all([apiKeys.used(key), people.seen(person)]);
    return present(key, person);
  }

  #session(sessionId: string): Promise<KnownSession | undefined> {
    return this.#believed.getOr(sessionId, () => this.#load(sessionId));
  }

  #load(sessionId: string): Promise<KnownSession | undefined> {
    return this.#options.records.sessions.get(sessionId, knownFields);
  }

  #lifeOf({ guest }: { readonly guest: boolean }): number {
    const { guestSessionMs, sessionMs } = this.#options.settings;
    return guest ? guestSessionMs : sessionMs;
  }
}

const ended = () => new AppError('unauthenticated', 'You are not signed in, or this session has ended. Start again.');
