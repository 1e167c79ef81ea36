import { Listeners } from './listeners.ts';

const tokenKey = 'lamplight.token';
const nameKey = 'lamplight.name';

/** `ended`: the server no longer knows the session; the page says so. `left`: the person ended it, here or in another tab. */
export type SessionState =
  | { readonly kind: 'none' }
  | { readonly kind: 'active'; readonly token: string }
  | { readonly kind: 'ended' }
  | { readonly kind: 'left' };

/** The token of this browser, kept so that a reload and a second tab go on with the same session. */
export class Session {
  readonly #storage: Storage;
  readonly #listeners = new Listeners();
  #state: SessionState;
  readonly subscribe = this.#listeners.subscribe;

  constructor(storage: Storage) {
    this.#storage = storage;
    const token = storage.getItem(tokenKey);
    this.#state = token ? { kind: 'active', token } : { kind: 'none' };
  }

  readonly state = (): SessionState => this.#state;

  readonly token = (): string | undefined => (this.#state.kind === 'active' ? this.#state.token : undefined);

  /** The name last given, to offer it again. */
  lastName(): string {
    return this.#storage.getItem(nameKey) ?? '';
  }

  start(token: string, name: string): void {
    this.#storage.setItem(nameKey, name);
    this.#storage.setItem(tokenKey, token);
    this.#become({ kind: 'active', token });
  }

  /** The server refused `token`. Nothing happens where another session began meanwhile. */
  end(token: string): void {
    if (this.token() !== token) return;
    this.#storage.removeItem(tokenKey);
    this.#become({ kind: 'ended' });
  }

  leave(): void {
    this.#storage.removeItem(tokenKey);
    this.#storage.removeItem(nameKey);
    this.#become({ kind: 'left' });
  }

  /** Takes over what another tab stored: call it on the window's `storage` event. */
  readonly follow = (event: Pick<StorageEvent, 'key' | 'newValue'>): void => {
    if (event.key !== tokenKey) return;
    if (event.newValue) this.#become({ kind: 'active', token: event.newValue });
    else if (this.#state.kind === 'active') this.#become({ kind: 'left' });
  };

  #become(state: SessionState): void {
    this.#state = state;
    this.#listeners.tell();
  }
}
