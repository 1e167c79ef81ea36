import type { z } from 'zod';
import type { tokenResponse } from '#contract/accounts.ts';
import { ApiError } from './api-error.ts';
import { fullJitter } from './back-off.ts';
import type { KeptStorage } from './kept-storage.ts';
import { Listeners } from './listeners.ts';
import type { Tabs } from './tabs.ts';
import type { After } from './timers.ts';
import { personOf } from './token-person.ts';

export type Token = Pick<z.infer<typeof tokenResponse>, 'access_token' | 'expires_in'>;
/** How the person came: where the session ends, a guest is asked for a name again and an account holder to sign in. */
export type Holder = 'guest' | 'account';

/**
 * `unknown`: this browser was signed in, and the server has not said yet whether it still is; `error`: it could not be asked.
 * `ended`: the server no longer knows the session; the page says so, and `person` is who was here in this page. `left`: the person ended it, here or in another tab.
 */
export type SessionState =
  | { readonly kind: 'unknown'; readonly error?: ApiError }
  | { readonly kind: 'none' }
  | { readonly kind: 'active'; readonly person: string; readonly holder: Holder }
  | { readonly kind: 'ended'; readonly holder: Holder; readonly person?: string }
  | { readonly kind: 'left' };

/** What tabs tell each other. A token passes between them in memory alone. */
export type SessionMessage =
  | { readonly kind: 'token'; readonly token: Token; readonly holder: Holder }
  | { readonly kind: 'ended'; readonly holder: Holder }
  | { readonly kind: 'left' };

export interface SessionOptions {
  readonly storage: KeptStorage;
  readonly tabs: Tabs;
  /** Asks for an access token with the refresh cookie; throws `ApiError`. */
  readonly refresh: () => Promise<Token>;
  /** Ends the session that this access token belongs to; throws `ApiError`. */
  readonly logout: (token: string) => Promise<void>;
  readonly after: After;
  readonly random: () => number;
}

/** Where versions before this kept a token. */
const oldTokenKey = 'lamplight.token';
const nameKey = 'lamplight.name';
/** `guest` or `account`: there may be a refresh cookie, which the page cannot see. `leaving`: one that is still to be ended. */
const holderKey = 'lamplight.session';
/** The ID of who was here last, where they did not leave: a session that ended while no page was open had their drafts. */
const personKey = 'lamplight.person';
/** A token is renewed this long before it expires, in milliseconds, or halfway where it lives shorter than twice that. */
const earlyMs = 60_000;

const isOver = (error: unknown): boolean => error instanceof ApiError && error.endsSession;

/** The session of this browser. The access token is held in memory; what makes the next one is a cookie that no script reads. */
export class Session {
  readonly #options: SessionOptions;
  readonly #listeners = new Listeners();
  #state: SessionState;
  #token: string | undefined;
  #renewing: Promise<string | undefined> | undefined;
  #failures = 0;
  /** A request of the person's that ends the session is under way. */
  #isEnding = false;
  #cancelTimer: () => void = () => {};
  readonly subscribe = this.#listeners.subscribe;

  constructor(options: SessionOptions) {
    this.#options = options;
    options.storage.removeItem(oldTokenKey);
    this.#state = { kind: this.#holder() ? 'unknown' : 'none' };
    options.tabs.listen((message) => this.#hear(message));
  }

  readonly state = (): SessionState => this.#state;
  readonly token = (): string | undefined => this.#token;

  /** The name last given by a guest, to offer it again. */
  lastName(): string {
    return this.#options.storage.getItem(nameKey) ?? '';
  }

  /** Who was here last and did not sign out, as `SessionState` names people. */
  lastPerson(): string | undefined {
    return this.#options.storage.getItem(personKey) ?? undefined;
  }

  /**
   * Call it when the page is loaded. `arrived`: somebody comes back from signing in elsewhere, so there is a cookie. Never
   * rejects: what went wrong is in the state.
   */
  async resume(arrived = false): Promise<void> {
    const { storage } = this.#options;
    if (storage.getItem(holderKey) === 'leaving' && !arrived) return this.#signOut(undefined);
    if (arrived) {
      storage.setItem(holderKey, 'account');
      this.#become({ kind: 'unknown' });
    }
    if (this.#holder()) await this.#renewQuietly();
  }

  /**
   * Signs somebody in: `ask` is the request that answers a token and sets the cookie; it carries no token itself. Throws what it
   * throws.
   */
  async begin(holder: Holder, ask: () => Promise<Token>, name?: string): Promise<void> {
    const { storage, tabs } = this.#options;
    await tabs.exclusively(async () => {
      const token = await ask();
      if (name !== undefined) storage.setItem(nameKey, name);
      this.#share(token, holder);
    });
  }

  /**
   * A token in place of one that expires or was refused; nothing where the session is over. Throws `ApiError` where the server
   * could not be asked: that ends no session. One request at a time, for all tabs.
   */
  renew(refused: string | undefined): Promise<string | undefined> {
    if (this.#token !== refused) return Promise.resolve(this.#token);
    this.#renewing ??= this.#renew(refused).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** The network is back: do not wait any longer. */
  readonly hurry = (): void => {
    if (this.#failures > 0) void this.#renewQuietly();
    else if (this.#options.storage.getItem(holderKey) === 'leaving') void this.#signOut(undefined);
  };

  /** The page was put away as it stood and is shown again, and heard nothing meanwhile: somebody may have left, or come. */
  readonly returned = (): void => {
    if (this.#state.kind === 'active') void this.#renewQuietly();
  };

  /** The person signs out. Here it is over at once; where the server cannot be told, it is told when the page is next opened. */
  async leave(): Promise<void> {
    const token = this.#token;
    this.#options.storage.setItem(holderKey, 'leaving');
    this.#leave();
    await this.#signOut(token);
  }

  /**
   * The person ends it by a request: `work`, which throws where it did not. That others of this page are refused before it is
   * answered surprises nobody.
   */
  async endBy(work: () => Promise<unknown>): Promise<void> {
    this.#isEnding = true;
    try {
      await work();
    } finally {
      this.#isEnding = false;
    }
    if (this.#state.kind !== 'left') this.#forget();
  }

  async #renew(refused: string | undefined): Promise<string | undefined> {
    return this.#options.tabs.exclusively(async () => {
      // While this waited for its turn, another tab may have renewed it, or somebody signed in or out.
      const holder = this.#holder();
      if (this.#token !== refused) return this.#token;
      if (!holder) {
        // One that this page did not hear of may have left in another tab.
        if (this.#state.kind === 'unknown') this.#drop({ kind: 'none' });
        else if (this.#state.kind === 'active') this.#drop({ kind: 'left' });
        return this.#token;
      }
      try {
        const token = await this.#options.refresh();
        // Whoever left meanwhile does not come back by it.
        if (this.#token !== refused || this.#holder() !== holder) return this.#token;
        this.#share(token, holder);
        return this.#token;
      } catch (error) {
        if (!isOver(error)) throw error;
        if (this.#token === refused && this.#holder() === holder) this.#end(holder);
        return this.#token;
      }
    });
  }

  async #renewQuietly(): Promise<void> {
    try {
      await this.renew(this.#token);
    } catch (error) {
      this.#tryLater(error);
    }
  }

  #tryLater(error: unknown): void {
    const { after, random } = this.#options;
    const asked = error instanceof ApiError ? error : undefined;
    const waitMs = Math.max((asked?.retryAfter ?? 0) * 1_000, fullJitter(this.#failures, random));
    this.#failures += 1;
    this.#cancelTimer();
    this.#cancelTimer = after(waitMs, () => void this.#renewQuietly());
    if (this.#state.kind === 'unknown') this.#become({ kind: 'unknown', ...(asked && { error: asked }) });
  }

  #share(token: Token, holder: Holder): void {
    this.#options.storage.setItem(holderKey, holder);
    this.#take(token, holder);
    this.#options.tabs.tell({ kind: 'token', token, holder });
  }

  #take({ access_token, expires_in }: Token, holder: Holder): void {
    const lifeMs = expires_in * 1_000;
    this.#token = access_token;
    this.#failures = 0;
    this.#cancelTimer();
    this.#cancelTimer = this.#options.after(Math.max(lifeMs - earlyMs, lifeMs / 2), () => void this.#renewQuietly());
    const person = personOf(access_token);
    this.#options.storage.setItem(personKey, person);
    const { kind } = this.#state;
    if (kind === 'active' && this.#state.person === person && this.#state.holder === holder) return;
    this.#become({ kind: 'active', person, holder });
  }

  #forget(): void {
    this.#options.storage.removeItem(holderKey);
    this.#leave();
  }

  #end(holder: Holder): void {
    if (this.#isEnding) {
      this.#forget();
      return;
    }
    this.#options.storage.removeItem(holderKey);
    this.#options.tabs.tell({ kind: 'ended', holder });
    this.#drop({ kind: 'ended', holder, ...this.#personHere() });
  }

  #leave(): void {
    this.#options.storage.removeItem(nameKey);
    this.#options.storage.removeItem(personKey);
    this.#options.tabs.tell({ kind: 'left' });
    this.#drop({ kind: 'left' });
  }

  /** Ends on the server what was left here, where nobody signed in since. What does not work now is done by the next `resume`. */
  async #signOut(token: string | undefined): Promise<void> {
    const { storage, tabs, refresh, logout } = this.#options;
    await tabs.exclusively(async () => {
      if (storage.getItem(holderKey) !== 'leaving') return;
      try {
        if (token === undefined) await logout((await refresh()).access_token);
        else {
          // One that has expired while the page slept is refused, and ends nothing.
          await logout(token).catch(async (error: unknown) => {
            if (!isOver(error)) throw error;
            await logout((await refresh()).access_token);
          });
        }
      } catch (error) {
        if (!isOver(error)) return;
      }
      storage.removeItem(holderKey);
    });
  }

  #hear(message: SessionMessage): void {
    const { kind } = this.#state;
    const isHere = kind === 'active' || kind === 'unknown';
    if (message.kind === 'token') this.#take(message.token, message.holder);
    else if (isHere) this.#drop(message.kind === 'ended' ? { ...message, ...this.#personHere() } : message);
  }

  #personHere(): { readonly person?: string } {
    return this.#state.kind === 'active' ? { person: this.#state.person } : {};
  }

  #drop(state: SessionState): void {
    this.#token = undefined;
    this.#failures = 0;
    this.#cancelTimer();
    this.#become(state);
  }

  #holder(): Holder | undefined {
    const stored = this.#options.storage.getItem(holderKey);
    return stored === 'guest' || stored === 'account' ? stored : undefined;
  }

  #become(state: SessionState): void {
    this.#state = state;
    this.#listeners.tell();
  }
}
