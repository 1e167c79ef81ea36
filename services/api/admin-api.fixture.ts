import { afterAll, beforeAll, beforeEach } from 'vitest';
import { me, type Role, roles } from '#contract/accounts.ts';
import { auditPage } from '#contract/usage.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import type { TestClient } from '#tests/servers/test-client.ts';

interface SignedIn {
  readonly client: TestClient;
  readonly id: string;
}

/** A Lamplight with somebody of each role in it. Whoever opens it closes `app`. */
interface AdminApi {
  readonly app: TestChat;
  readonly server: TestServer;
  readonly as: Readonly<Record<Role, SignedIn>>;
  newPerson(role: Role, more?: object): Promise<SignedIn>;
  /** What the audit log has for a query, the latest first. */
  audited(query: string): Promise<ReturnType<typeof auditPage.parse>['items']>;
}

async function openAdminApi(): Promise<AdminApi> {
  const app = await createTestChat();
  const server = await app.openTestServer();
  const newPerson = async (role: Role, more: object = {}) => {
    const client = await server.client({ role, name: `The ${role}`, ...more });
    return { client, id: (await client.call('GET', '/api/me')).as(me).id };
  };
  const people = await Promise.all(roles.map(async (role) => [role, await newPerson(role)] as const));
  const as = Object.fromEntries(people) as Record<Role, SignedIn>;
  // One whom no test demotes.
  const auditor = await newPerson('admin');
  return {
    app,
    server,
    as,
    newPerson,
    audited: async (query) => (await auditor.client.call('GET', `/api/admin/audit?${query}`)).as(auditPage).items,
  };
}

/**
 * The admin API for the tests of a `describe`, opened before them and closed after them; `root` is an administrator, and each test
 * has a new `victim`.
 */
export function useAdminApi(): AdminApi & {
  readonly root: TestClient;
  readonly rootId: string;
  readonly victim: SignedIn;
} {
  let api: AdminApi;
  let victim: SignedIn;
  beforeAll(async () => {
    api = await openAdminApi();
  });
  afterAll(() => api.app.close());
  beforeEach(async () => {
    victim = await api.newPerson('user', { name: 'Vic Tim' });
  });
  return {
    get app() {
      return api.app;
    },
    get server() {
      return api.server;
    },
    get as() {
      return api.as;
    },
    get root() {
      return api.as.admin.client;
    },
    get rootId() {
      return api.as.admin.id;
    },
    get victim() {
      return victim;
    },
    newPerson: (role, more) => api.newPerson(role, more),
    audited: (query) => api.audited(query),
  };
}
