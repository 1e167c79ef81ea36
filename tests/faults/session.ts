import { tokenResponse } from '#contract/accounts.ts';
import { call } from './http.ts';

const startMs = 10_000;
/** A token is replaced this long before its end. */
const beforeEndMs = 60_000;

/** What a client is signed in by: faults can go on for longer than a token lives. */
export class Session {
  readonly #api: () => string;
  #token = '';
  #refreshToken = '';
  #renewAt = 0;
  #renewing: Promise<void> | undefined;

  private constructor(api: () => string) {
    this.#api = api;
  }

  /** A guest of its own. */
  static async start(api: () => string, name: string): Promise<Session> {
    const session = new Session(api);
    await session.#take('/api/auth/guest', { name, refresh: 'body' });
    return session;
  }

  /** Throws what the renewal does, where one is due; to be asked again then. */
  async token(): Promise<string> {
    if (Date.now() >= this.#renewAt) {
      this.#renewing ??= this.#take('/api/auth/refresh', { refresh_token: this.#refreshToken }).finally(() => {
        this.#renewing = undefined;
      });
      await this.#renewing;
    }
    return this.#token;
  }

  async #take(path: string, body: object): Promise<void> {
    const response = await call(this.#api() + path, { method: 'POST', body, signal: AbortSignal.timeout(startMs) });
    const { access_token, refresh_token = '', expires_in } = tokenResponse.parse(await response.json());
    this.#token = access_token;
    this.#refreshToken = refresh_token;
    this.#renewAt = Date.now() + expires_in * 1000 - beforeEndMs;
  }
}
