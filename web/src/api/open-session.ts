import { type Api, type Credentials, createApi } from './http.ts';
import type { KeptStorage } from './kept-storage.ts';
import { serverOrigin } from './server-origin.ts';
import { Session } from './session.ts';
import { browserTabs, type Tabs } from './tabs.ts';
import { afterTimeout } from './timers.ts';

/** No tab keeps the others waiting longer than this for its turn with the cookie, in milliseconds. */
const turnMs = 15_000;

/** The session of this browser and the ways to the API that go with it. */
export interface Entry {
  readonly session: Session;
  /** Signs its requests with the session's token, where there is one. */
  readonly api: Api;
  /** Signs nothing: for what signs somebody in. Gives up after a while, as whoever signs in has the turn of all tabs. */
  readonly openApi: Api;
  /** What is kept in this browser. */
  readonly storage: KeptStorage;
}

export function openSession(storage: KeptStorage, tabs: Tabs = browserTabs()): Entry {
  const origin = serverOrigin();
  const apiWith = (credentials: Credentials, patienceMs?: number): Api =>
    createApi({ fetch: (...request) => fetch(...request), origin, credentials, patienceMs });
  const signedBy = (token?: string): Api => apiWith({ token: () => token, renew: async () => undefined }, turnMs);
  const openApi = signedBy();
  const session = new Session({
    storage,
    tabs,
    refresh: () => openApi('POST /api/auth/refresh', { body: {} }),
    logout: (token) => signedBy(token)('POST /api/auth/logout', {}),
    after: afterTimeout,
    random: Math.random,
  });
  const api = apiWith({ token: session.token, renew: (refused) => session.renew(refused) });
  return { session, api, openApi, storage };
}
