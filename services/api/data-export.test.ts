import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createdApiKey, me } from '#contract/accounts.ts';
import type { MessageRecord } from '#domain/chat/chat-records.ts';
import { foldUsage } from '#domain/usage/fold-usage.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';

/** What cannot be collected now, in bytes. */
function inUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const password = 'a quiet evening at home';

describe('all that is kept of a person', () => {
  let app: TestChat;
  let server: TestServer;
  beforeEach(async () => {
    app = await createTestChat();
    app.startWorker();
    server = await app.openTestServer();
  });
  afterEach(() => app.close());

  it('is one JSON file, without what signs anybody in or is another’s', async () => {
    const { accounts } = app.foundation;
    const passwordHash = await accounts.passwords.hash(password);
    const ada = await server.client({ name: 'Ada', role: 'user', person: { email: 'ada@example.org', passwordHash } });
    const { key } = (await ada.call('POST', '/api/keys', { name: 'mine', scopes: ['read'] })).as(createdApiKey);
    const { id: adaId } = (await ada.call('GET', '/api/me')).as(me);
    const seen = { action: 'sessions_end', outcome: 'success', subjectId: adaId } as const;
    await accounts.audit.record({ ...seen, actorId: 'the-administrator', address: '192.0.2.7' });
    await accounts.audit.record({ ...seen, actorId: 'the-administrator', subjectId: 'somebody-else' });
    const { run } = await ada.ask('Say "hello"\nin two lines');
    await ada.call('POST', '/api/conversations', { title: 'Empty' });
    await (await server.client('Eve')).ask('what Eve says');
    await foldUsage({ records: app.chat.usage, newId: app.chat.newId });
    const reply = await ada.call('GET', '/api/me/export');
    expect([reply.status, reply.headers.get('content-type'), reply.headers.get('content-disposition')]).toEqual([
      200,
      'application/json; charset=utf-8',
      'attachment; filename=lamplight-export.json',
    ]);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const all = JSON.parse(reply.text);
    expect(all).toMatchObject({
      account: { name: 'Ada', email: 'ada@example.org', role: 'user', hasPassword: true },
      sessions: [{ device: 'A test' }],
      apiKeys: [{ name: 'mine', scopes: ['read'] }],
    });
    const conversation = all.conversations.find(({ id }: { id: string }) => id === run.conversationId);
    expect(conversation.messages.map(({ role }: { role: string }) => role)).toEqual(['user', 'assistant']);
    expect(conversation.messages[0].text).toBe('Say "hello"\nin two lines');
    expect(all.conversations.map(({ title }: { title: string }) => title)).toContain('Empty');
    expect(all.usage.length).toBeGreaterThan(0);
    expect(all.history).toMatchObject([
      { action: 'data_export', own: true, address: expect.stringMatching(/^127\./) },
      { action: 'sessions_end', own: false },
      { action: 'key_create', own: true, details: { scopes: 'read' } },
    ]);
    for (const other of ['the-administrator', '192.0.2.7']) expect(reply.text).not.toContain(other);
    const session = (await accounts.records.sessions.find({ where: { personId: all.account.id }, limit: 1 })).items[0];
    for (const secret of [key, passwordHash, session?.refreshHash ?? '?', 'what Eve says', 'argon2'])
      expect(reply.text).not.toContain(secret);
  });

  it('comes piece by piece: 5,000 long messages take little memory at a time', async () => {
    const ada = await server.client({ name: 'Ada', role: 'user' });
    const { id } = (await ada.call('GET', '/api/me')).as(me);
    const conversationId = 'long';
    const now = Date.now();
    await app.chat.records.conversations.insert({
      _id: conversationId,
      ownerId: id,
      title: 'Long',
      titleSource: 'person',
      deleted: false,
      createdAt: now,
      updatedAt: now,
    });
    const text = 'a long evening '.repeat(1_000);
    for (let from = 0; from < 5_000; from += 500) {
      const messages = Array.from({ length: 500 }, (_, index): MessageRecord => {
        const depth = from + index;
        const role = depth % 2 ? 'assistant' : 'user';
        const rest = { conversationId, ownerId: id, depth, role, status: 'complete', createdAt: now } as const;
        return { _id: `m${depth}`, ...rest, parts: [{ kind: 'text', text }] };
      });
      await app.chat.records.messages.insertMissing(messages);
    }
    const before = inUse();
    let measured = 0;
    let most = 0;
    let bytes = 0;
    let count = 0;
    const reply = await ada.fetch('GET', '/api/me/export');
    for await (const chunk of reply.body ?? []) {
      bytes += chunk.length;
      count += Buffer.from(chunk).toString('latin1').split('"conversationId"').length - 1;
      if (bytes < measured + 5_000_000) continue;
      measured = bytes;
      most = Math.max(most, inUse() - before);
    }
    expect(bytes).toBeGreaterThan(75_000_000);
    expect(count).toBeGreaterThan(4_990);
    expect(most).toBeLessThan(35_000_000);
  }, 30_000);

  it('is refused as anything else is where the database is away', async () => {
    const ada = await server.client({ name: 'Ada', role: 'user' });
    expect((await ada.call('GET', '/api/me')).status).toBe(200);
    await app.foundation.store.close();
    const reply = await ada.call('GET', '/api/me/export');
    expect([reply.status, reply.error.code]).toEqual([503, 'store_unavailable']);
  });

  it('does no harm where the reader goes away: no error is logged, and others are served', async () => {
    const ada = await server.client({ name: 'Ada', role: 'user' });
    await ada.ask('Hello');
    const leaving = new AbortController();
    const reply = await ada.fetch('GET', '/api/me/export', undefined, { signal: leaving.signal });
    leaving.abort();
    await expect(reply.text()).rejects.toThrow();
    expect((await ada.call('GET', '/api/me')).status).toBe(200);
    expect(app.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
