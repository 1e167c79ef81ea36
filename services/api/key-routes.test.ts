import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKeyList, createdApiKey, type keyScopes } from '#contract/accounts.ts';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import { TestClient } from '#tests/servers/test-client.ts';

type KeyScope = (typeof keyScopes)[number];

describe('API keys', () => {
  let app: TestChat;
  let server: TestServer;
  let ada: TestClient;
  beforeAll(async () => {
    app = await createTestChat();
    app.startWorker();
    server = await app.openTestServer();
    ada = await server.client({ role: 'user' });
  });
  afterAll(() => app.close());

  const create = async (scopes: readonly KeyScope[], client = ada) =>
    (await client.call('POST', '/api/keys', { name: 'A script', scopes })).as(createdApiKey);
  const withKey = async (...scopes: KeyScope[]) => new TestClient(server.url, (await create(scopes)).key);

  it('are shown once, listed by how they begin, and ended', async () => {
    const { key, ...shown } = await create(['read', 'chat']);
    expect(shown).toMatchObject({ name: 'A script', scopes: ['read', 'chat'], prefix: key.slice(0, 11) });
    expect(Date.parse(shown.expiresAt) - Date.parse(shown.createdAt)).toBe(90 * 24 * 3_600_000);
    const list = await ada.call('GET', '/api/keys');
    expect(list.as(apiKeyList).items).toContainEqual(shown);
    expect(list.text).not.toContain(key);
    const eve = await server.client({ role: 'user', name: 'Eve' });
    expect((await eve.call('DELETE', `/api/keys/${shown.id}`)).error.code).toBe('not_found');
    expect((await ada.call('DELETE', `/api/keys/${shown.id}`)).status).toBe(204);
    expect((await new TestClient(server.url, key).call('GET', '/api/me')).error.code).toBe('unauthenticated');
    expect((await ada.call('DELETE', `/api/keys/${shown.id}`)).error.code).toBe('not_found');
  });

  it.each([
    ['no scope', { name: 'x', scopes: [] }],
    ['the scope of sessions', { name: 'x', scopes: ['account'] }],
    ['an unknown scope', { name: 'x', scopes: ['root'] }],
    ['no name', { scopes: ['read'] }],
    ['an end too far', { name: 'x', scopes: ['read'], expiresInDays: 366 }],
    ['no end', { name: 'x', scopes: ['read'], expiresInDays: 0 }],
  ])('are not made with %s', async (_what, body) => {
    expect((await ada.call('POST', '/api/keys', body)).status).toBe(400);
  });

  it('are not for guests', async () => {
    const guest = await server.client();
    const { status, error } = await guest.call('POST', '/api/keys', { name: 'x', scopes: ['read'] });
    expect([status, error.code]).toEqual([403, 'forbidden']);
  });

  it('do on every route what they were made for, and nothing else', async () => {
    const admin = await server.client({ role: 'admin', name: 'Root' });
    const guarded = Object.values<Route>(routes).filter(({ auth }) => auth === 'session');
    for (const scope of ['read', 'chat', 'admin'] as const) {
      const client = new TestClient(server.url, (await create([scope], admin)).key);
      for (const route of guarded) {
        const path = route.path.replace(/:\w+/g, 'none');
        const body = route.method === 'get' ? undefined : {};
        const reply = await client.fetch(route.method.toUpperCase(), path, body);
        const refused = reply.status === 403 && (await reply.text()).includes('lacks the scope');
        expect([route.method, path, scope, !refused]).toEqual([route.method, path, scope, route.scope === scope]);
      }
    }
  });

  it('do so on the frames of a socket', async () => {
    const { run } = await ada.ask('Hello');
    const reader = await (await withKey('read')).socket();
    reader.send({ type: 'send', text: 'Hello', ref: 'a' });
    reader.send({ type: 'stop', runId: run.runId, ref: 'b' });
    for (const ref of ['a', 'b']) {
      expect((await reader.frame('error', (frame) => frame.ref === ref)).code).toBe('forbidden');
    }
    reader.send({ type: 'subscribe', runId: run.runId });
    expect((await reader.frame('done')).runId).toBe(run.runId);
    const writer = await (await withKey('chat', 'read')).socket();
    writer.send({ type: 'send', text: 'Hello', ref: 'c' });
    await writer.frame('run', ({ ref }) => ref === 'c');
    for (const socket of [reader, writer]) await socket.close();
  });

  it('open no socket without the scope to read', async () => {
    const { status, error } = await (await withKey('chat')).call('POST', '/api/auth/ticket');
    expect([status, error.code]).toEqual([403, 'forbidden']);
  });

  it('close their sockets when they end', async () => {
    const made = await create(['read']);
    const socket = await new TestClient(server.url, made.key).socket();
    await ada.call('DELETE', `/api/keys/${made.id}`);
    expect(await socket.closed).toBe(1008);
  });
});
