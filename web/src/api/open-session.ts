import { type Api, type Credentials, createApi } from './http.ts';
import { serverOrigin } from './server-origin.ts';
import { Session } from './session.ts';
import { browserTabs, type Tabs } from './tabs.ts';
import { afterTimeout } from './timers.ts';

/** No tab keeps the others waiting longer than this for its turn with the cookie, in milliseconds. */
const refreshMs = 15_000;

/** The session of this browser and the ways to the API that go with it. */
export interface Entry {
  readonly session: Session;
  /** Signs its requests with the session's token, where there is one. */
  readonly api: Api;
  /** Signs nothing: for what signs somebody in. */
  readonly openApi: Api;
}

export function openSession(storage: Storage, tabs: Tabs = browserTabs()): Entry {
  const apiWith = (credentials: Credentials): Api =>
    createApi({ fetch: (...request) => fetch(...request), origin: serverOrigin(), credentials });
  const signedBy = (token?: string): Api => apiWith({ token: () => token, renew: async () => undefined });
  const openApi = signedBy();
  const session = new Session({
    storage,
    tabs,
    refresh: () => openApi('POST /api/auth/refresh', { body: {}, signal: AbortSignal.timeout(refreshMs) }),
    logout: (token) => signedBy(token)('POST /api/auth/logout', { signal: AbortSignal.timeout(refreshMs) }),
    after: afterTimeout,
    random: Math.random,
  });
  const api = apiWith({ token: session.token, renew: (refused) => session.renew(refused) });
  return { session, api, openApi };
}
