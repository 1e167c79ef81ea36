import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { me } from '#contract/accounts.ts';
import { tellPersonChanged } from '#domain/accounts/tell-processes.ts';
import { directive } from '#tests/model-server/directive.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import { readEvents, type TestClient } from '#tests/servers/test-client.ts';

const endless = directive({ tokens: 100_000, tokensPerSecond: 100 });

describe('connections that are open while the rights of their person change', () => {
  let app: TestChat;
  let server: TestServer;
  beforeAll(async () => {
    app = await createTestChat();
    app.startWorker();
    server = await app.openTestServer();
  });
  afterAll(() => app.close());

  const change = async (client: TestClient, set: Record<string, unknown>) => {
    const { id } = (await client.call('GET', '/api/me')).as(me);
    await app.foundation.accounts.records.people.update(id, { set });
    await tellPersonChanged(app.foundation.accounts, id);
  };

  it.each<[string, Record<string, unknown>, number, string]>([
    ['disabled', { disabled: true }, 1008, 'session_expired'],
    ['demoted', { role: 'user' }, 1012, 'draining'],
  ])('end within a second for one who is %s', async (_what, set, closeCode, errorCode) => {
    const client = await server.client({ role: 'manager' });
    const socket = await client.socket();
    const events = readEvents(await client.fetch('POST', '/api/chat/send', { text: endless }));
    await events.next();
    const began = performance.now();
    await change(client, set);
    let last: string | undefined;
    for await (const { event, data } of events) last = event === 'error' ? JSON.parse(data).code : undefined;
    expect(last).toBe(errorCode);
    expect(await socket.closed).toBe(closeCode);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('give no whole answer to one who is disabled while it is made', async () => {
    const client = await server.client({ role: 'user' });
    const asking = client.call('POST', '/api/chat/send-simple', { text: endless });
    await waitFor(() => server.realtime.streams.count === 1, { what: 'the answer to be waited for' });
    await change(client, { disabled: true });
    expect((await asking).error.code).toBe('session_expired');
    expect(server.realtime.streams.count).toBe(0);
  });

  it('let a frame that comes meanwhile do nothing', async () => {
    const client = await server.client({ role: 'user' });
    const socket = await client.socket();
    const { id } = (await client.call('GET', '/api/me')).as(me);
    await app.foundation.accounts.records.people.update(id, { set: { disabled: true } });
    app.sessions.forgetPerson(id);
    const clientMessageId = crypto.randomUUID();
    socket.send({ type: 'send', text: 'Hello', ref: 'a', clientMessageId });
    expect((await socket.frame('error')).code).toBe('account_disabled');
    expect(await socket.closed).toBe(1008);
    const { items } = await app.chat.records.runs.find({ where: { ownerId: id, clientMessageId }, limit: 1 });
    expect(items).toEqual([]);
  });

  it('let a body that was long on its way do nothing', async () => {
    const client = await server.client({ role: 'user' });
    const { sessionId } = await app.sessions.authenticate(client.token);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const init = { duplex: 'half', body: readable, headers: { 'content-type': 'application/json' } } as RequestInit;
    const authenticated = Promise.withResolvers<void>();
    const { authenticate } = app.sessions;
    app.sessions.authenticate = async (token) => {
      const principal = await authenticate.call(app.sessions, token);
      authenticated.resolve();
      return principal;
    };
    const asking = client.call('POST', '/api/conversations', undefined, init);
    await writer.write(new TextEncoder().encode('{"title":'));
    await authenticated.promise;
    app.sessions.authenticate = authenticate;
    await app.sessions.end(sessionId);
    await writer.write(new TextEncoder().encode('"Late"}'));
    await writer.close();
    expect((await asking).status).toBe(401);
  });

  it('answer HEAD as GET would up to its body', async () => {
    const client = await server.client();
    const { run } = await client.ask('Hello');
    const head = (id: string) => client.fetch('HEAD', `/api/runs/${id}/events`);
    const known = await head(run.runId);
    expect([known.status, known.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(await known.text()).toBe('');
    expect((await head('unknown')).status).toBe(404);
    const other = await server.client('Eve');
    expect((await other.fetch('HEAD', `/api/runs/${run.runId}/events`)).status).toBe(404);
    expect(server.realtime.streams.count).toBe(0);
  });
});
