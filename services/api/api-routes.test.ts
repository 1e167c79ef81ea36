import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { me, ticketResponse, tokenResponse } from '#contract/accounts.ts';
import { conversation, conversationPage, messagePage } from '#contract/conversations.ts';
import { health } from '#contract/health.ts';
import { modelList } from '#contract/models.ts';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';
import { listRoutes, routeName } from '#platform/http/create-app.ts';
import { docsRoutes } from '#platform/http/docs-routes.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import { TestClient } from '#tests/servers/test-client.ts';

describe('the routes of the API', () => {
  let app: TestChat;
  let server: TestServer;
  let ada: TestClient;
  beforeAll(async () => {
    app = await createTestChat({ corsOrigins: ['https://app.example.org'] });
    app.startWorker();
    server = await app.openTestServer();
    ada = await server.client();
  });
  afterAll(() => app.close());

  const create = async (title?: string, client = ada) =>
    (await client.call('POST', '/api/conversations', title === undefined ? {} : { title })).as(conversation);

  it('are those of the contract and the docs, no more and no less', () => {
    const contract: readonly Route[] = Object.values(routes);
    expect(listRoutes(server.express).sort()).toEqual([...contract.map(routeName), ...docsRoutes].sort());
  });

  it('give each reply a trace ID, and continue that of the caller', async () => {
    for (const path of ['/api/me', '/api/nowhere', '/health', '/docs', '/api/conversations/none', '/']) {
      expect((await ada.call('GET', path)).headers.get('x-trace-id'), path).toMatch(/^[0-9a-f]{32}$/);
    }
    const traceId = 'a'.repeat(32);
    const { error, headers } = await ada.call('GET', '/api/nowhere', undefined, { headers: { 'x-trace-id': traceId } });
    expect([error.traceId, headers.get('x-trace-id')]).toEqual([traceId, traceId]);
  });

  it('start a session from a name, and say who it is', async () => {
    const guest = await new TestClient(server.url, '').call('POST', '/api/auth/guest', { name: '  Grace ' });
    expect(guest.status).toBe(201);
    const { access_token, expires_in } = guest.as(tokenResponse);
    expect(expires_in).toBe(15 * 60);
    const grace = new TestClient(server.url, access_token);
    const { name, role, expiresAt } = (await grace.call('GET', '/api/me')).as(me);
    expect({ name, role }).toEqual({ name: 'Grace', role: 'guest' });
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now() + 23 * 3_600_000);
  });

  it.each([
    ['no name', {}],
    ['an empty name', { name: '   ' }],
    ['a long name', { name: 'a'.repeat(61) }],
    ['another type', { name: 7 }],
    ['a list', []],
    ['nothing at all', null],
    ['an inherited name', JSON.parse('{"__proto__":{"name":"Ada"}}')],
  ])('refuse a guest with %s', async (_what, body) => {
    const { status, error } = await ada.call('POST', '/api/auth/guest', body);
    expect([status, error.code]).toEqual([400, 'invalid_request']);
  });

  it('end a session at once', async () => {
    const guest = await server.client('Alan');
    expect((await guest.call('POST', '/api/auth/logout')).status).toBe(204);
    const after = await guest.call('GET', '/api/me');
    expect([after.status, after.error.code]).toEqual([401, 'unauthenticated']);
    expect(after.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('give a ticket', async () => {
    const reply = await ada.call('POST', '/api/auth/ticket');
    expect(reply.status).toBe(201);
    expect(reply.as(ticketResponse).expiresIn).toBe(30);
  });

  it('refuse whoever is not signed in, on every route that needs it', async () => {
    const bare = new TestClient(server.url, 'not-a-token');
    const guarded = Object.values<Route>(routes).filter(({ auth }) => auth === 'session');
    for (const { method, path } of guarded) {
      const reply = await bare.call(method.toUpperCase(), path.replace(':id', 'x'), method === 'get' ? undefined : {});
      expect([path, reply.status, reply.error.code]).toEqual([path, 401, 'unauthenticated']);
    }
  });

  it('list the models', async () => {
    const { items, default: chosen } = (await ada.call('GET', '/api/models')).as(modelList);
    expect([items.map(({ id }) => id), chosen]).toEqual([['scripted', 'small'], 'scripted']);
  });

  it('create, read, rename and delete a conversation', async () => {
    const made = await create('Tea');
    const path = `/api/conversations/${made.id}`;
    expect((await ada.call('GET', path)).as(conversation)).toEqual(made);
    const renamed = await ada.call('PATCH', path, { title: ' Coffee ' });
    expect(renamed.as(conversation)).toEqual({ ...made, title: 'Coffee' });
    expect((await ada.call('DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await ada.call(method, path)).error.code).toBe('not_found');
    expect((await ada.call('PATCH', path, { title: 'Tea' })).error.code).toBe('not_found');
    expect((await ada.call('GET', `${path}/messages`)).error.code).toBe('not_found');
    expect((await ada.call('POST', '/api/chat/send', { conversationId: made.id, text: 'Hi' })).error.code).toBe(
      'not_found',
    );
  });

  it('hide what is someone else’s', async () => {
    const eve = await server.client('Eve');
    const { run } = await ada.ask('Mine');
    const paths = [`/api/conversations/${run.conversationId}`, `/api/conversations/${run.conversationId}/messages`];
    for (const path of [...paths, `/api/runs/${run.runId}/events`]) {
      const { status, error } = await eve.call('GET', path);
      expect([path, status, error.code]).toEqual([path, 404, 'not_found']);
    }
    for (const path of [`/api/runs/${run.runId}/stop`, `/api/messages/${run.messageId}/retry`]) {
      expect((await eve.call('POST', path)).error.code).toBe('not_found');
    }
    expect((await eve.call('PATCH', paths[0] ?? '', { title: 'Yours' })).error.code).toBe('not_found');
    expect((await eve.call('DELETE', paths[0] ?? '')).error.code).toBe('not_found');
  });

  it('list conversations in pages and by words of their title', async () => {
    const grace = await server.client('Grace');
    for (const title of ['Red fox', 'Blue moon', 'Red moon']) await create(title, grace);
    const list = async (query: string) => (await grace.call('GET', `/api/conversations?${query}`)).as(conversationPage);
    const first = await list('limit=2');
    expect(first.items).toHaveLength(2);
    const second = await list(`limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`);
    expect(new Set([...first.items, ...second.items].map(({ title }) => title)).size).toBe(3);
    expect(second.nextCursor).toBeUndefined();
    expect((await list('q=red')).items.map(({ title }) => title).sort()).toEqual(['Red fox', 'Red moon']);
    expect((await list('q=fo%20RE')).items.map(({ title }) => title)).toEqual(['Red fox']);
    expect((await list('q=%20')).items).toHaveLength(3);
  });

  it.each([
    ['limit=0', 'invalid_request'],
    ['limit=101', 'invalid_request'],
    ['limit=ten', 'invalid_request'],
    ['limit=1&limit=2', 'invalid_request'],
    ['cursor=rubbish', 'invalid_cursor'],
    ['cursor=e30', 'invalid_cursor'],
    ['cursor=%00', 'invalid_cursor'],
    [`cursor=${'a'.repeat(1001)}`, 'invalid_request'],
    [`q=${'a'.repeat(201)}`, 'invalid_request'],
  ])('refuse a list with ?%s', async (query, code) => {
    const { status, error } = await ada.call('GET', `/api/conversations?${query}`);
    expect([status, error.code]).toEqual([400, code]);
  });

  it('list messages, the newest first, in pages', async () => {
    const { run } = await ada.ask('First');
    await ada.ask('Second', { conversationId: run.conversationId });
    const path = `/api/conversations/${run.conversationId}/messages?limit=3`;
    const first = (await ada.call('GET', path)).as(messagePage);
    expect(first.items.map(({ role, status }) => `${role} ${status}`)).toEqual([
      'assistant complete',
      'user complete',
      'assistant complete',
    ]);
    const rest = (await ada.call('GET', `${path}&cursor=${encodeURIComponent(first.nextCursor ?? '')}`)).as(
      messagePage,
    );
    expect(rest.items.map(({ text }) => text)).toEqual(['First']);
    expect(first.items[1]?.parentId).toBe(run.messageId);
  });

  it.each(['__proto__', 'constructor', 'toString', '%00', '%ED%A0%80', '%2e%2e', 'a'.repeat(64)])(
    'know no conversation, answer or message called %s',
    async (id) => {
      const paths = [`/api/conversations/${id}`, `/api/conversations/${id}/messages`, `/api/runs/${id}/events`];
      for (const path of paths) expect([400, 404]).toContain((await ada.call('GET', path)).status);
      expect([400, 404]).toContain((await ada.call('POST', `/api/messages/${id}/retry`)).status);
    },
  );

  it('refuse an ID that is too long', async () => {
    const { status, error } = await ada.call('GET', `/api/conversations/${'a'.repeat(65)}`);
    expect([status, error.code]).toEqual([400, 'invalid_request']);
  });

  it('read JSON alone, and not too much of it', async () => {
    const type = (value: string) => ({ headers: { 'content-type': value } });
    const post = (body: string, init = {}) => ada.call('POST', '/api/conversations', body, init);
    expect((await post('title=x', type('application/x-www-form-urlencoded'))).error.code).toBe(
      'unsupported_media_type',
    );
    expect((await post('{"title":')).error.code).toBe('invalid_request');
    expect((await post(`"${'a'.repeat(1_500_000)}"`)).error.code).toBe('payload_too_large');
    expect((await ada.call('POST', '/api/conversations')).error.code).toBe('invalid_request');
    expect((await post('{"title":"T","later":{"unknown":1}}')).status).toBe(201);
  });

  it('store a title with a lone surrogate or NUL as text that can be read back', async () => {
    const made = await create('a\ud800b\0c');
    expect(made.title).toBe('a\ufffdb\0c');
    expect((await ada.call('GET', `/api/conversations/${made.id}`)).as(conversation)).toEqual(made);
  });

  it('let pages of the listed origins call, and no others', async () => {
    const from = async (origin: string, method = 'GET') =>
      (await ada.call(method, '/api/me', undefined, { headers: { origin } })).headers.get(
        'access-control-allow-origin',
      );
    expect(await from('https://app.example.org')).toBe('https://app.example.org');
    expect(await from('https://evil.example.org')).toBeNull();
    expect(await from('https://app.example.org', 'OPTIONS')).toBe('https://app.example.org');
    expect(await from('null')).toBeNull();
  });

  it('say how the process is', async () => {
    const { status, dependencies } = (await ada.call('GET', '/health')).as(health);
    expect([status, dependencies]).toEqual(['ok', { store: { status: 'up' } }]);
  });
});
