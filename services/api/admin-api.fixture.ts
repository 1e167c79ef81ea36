import { me, type Role, roles } from '#contract/accounts.ts';
import { auditPage } from '#contract/usage.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import type { TestClient } from '#tests/servers/test-client.ts';

export interface SignedIn {
  readonly client: TestClient;
  readonly id: string;
}

/** A Lamplight with somebody of each role in it. Whoever opens it closes `app`. */
export interface AdminApi {
  readonly app: TestChat;
  readonly server: TestServer;
  readonly as: Readonly<Record<Role, SignedIn>>;
  newPerson(role: Role, more?: object): Promise<SignedIn>;
  /** What the audit log has for a query, the latest first. */
  audited(query: string): Promise<ReturnType<typeof auditPage.parse>['items']>;
}

export async function openAdminApi(): Promise<AdminApi> {
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
