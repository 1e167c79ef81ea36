import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { createdApiKey, person, type tokenResponse } from '#contract/accounts.ts';
import { invitation } from '#contract/administration.ts';
import { story } from '#contract/stories.ts';
import { linkToken } from '#domain/accounts/links.ts';
import { type AuditAction, auditActions } from '#domain/audit/audit-actions.ts';
import { type AuditRecord, auditCollection } from '#domain/audit/audit-records.ts';
import { titleQueue } from '#domain/chat/chat-topics.ts';
import { unsubscribeToken } from '#domain/stories/mails/unsubscribe.ts';
import { systemClock } from '#platform/clock.ts';
import { waitFor } from '#tests/servers/child.ts';
import { CookieBrowser } from '#tests/servers/cookie-browser.ts';
import { createTestProvider, type TestProvider } from '#tests/servers/open-id-provider.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import { TestClient } from '#tests/servers/test-client.ts';

const password = 'planted-secret-of-ada-1';
const newPassword = 'planted-secret-of-ada-2';

describe('the audit log is written by', () => {
  let provider: TestProvider;
  let app: TestChat;
  let server: TestServer;
  let root: TestClient;
  let laterMs = 0;
  let accounts = 0;
  const secrets = [password, newPassword, '@planted.example'];

  beforeAll(async () => {
    provider = await createTestProvider();
    const { issuer, clientId, clientSecret } = provider;
    const openId = { issuer, clientId, clientSecret, name: 'Example', scopes: 'openid email profile' };
    app = await createTestChat({ openId, clock: { ...systemClock, now: () => Date.now() + laterMs } });
    server = await app.openTestServer();
    await provider.start(`${server.url}/api/auth/oidc/callback`);
    root = await server.client({ role: 'admin' });
  });
  afterAll(async () => {
    await provider.stop();
    await app.close();
  });

  const post = async (path: string, body: object, by?: TestClient) => {
    if (by) return by.call('POST', path, body);
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: reply.status, text: await reply.text() };
  };
  /** The secret of the latest link to an address, as its mail would have it. */
  const linkTo = async (email: string) => {
    const { keys, records } = app.foundation.accounts;
    for (const kind of ['reset', 'verify', 'invite'] as const) {
      const { items } = await records.links.find({ where: { email, kind }, limit: 1 });
      if (items[0]) return linkToken(keys, items[0]);
    }
    throw new Error('There is no link.');
  };
  const grantOf = (text: string): z.output<typeof tokenResponse> => {
    const grant = JSON.parse(text) as z.output<typeof tokenResponse>;
    secrets.push(grant.access_token, grant.refresh_token ?? grant.access_token);
    return grant;
  };
  const newAccount = async () => {
    const email = `ada-${accounts++}@planted.example`;
    await post('/api/auth/register', { email, name: 'Ada', password });
    const token = await linkTo(email);
    secrets.push(token);
    const grant = grantOf((await post('/api/auth/verify', { token, password, refresh: 'body' })).text);
    const client = new TestClient(server.url, grant.access_token);
    const id = (JSON.parse((await client.call('GET', '/api/me')).text) as { id: string }).id;
    return { email, client, id, grant };
  };
  const signIn = (username: string, given: string) =>
    post('/api/auth/token', { username, password: given, refresh: 'body' });
  const changed = async (body: object) => {
    const { id } = await newAccount();
    (await root.call('PATCH', `/api/admin/people/${id}`, body)).as(person);
    return id;
  };
  const invite = async () => {
    const email = `guest-${accounts++}@planted.example`;
    return { email, id: invitation.parse(JSON.parse((await post('/api/admin/invitations', { email }, root)).text)).id };
  };
  const newKey = async () => {
    const { client } = await newAccount();
    const made = createdApiKey.parse(
      JSON.parse((await post('/api/keys', { name: 'k', scopes: ['read'] }, client)).text),
    );
    secrets.push(made.key);
    return { client, id: made.id };
  };

  /** The real way to each, with how often it ends well and how often not. */
  const flows: Record<
    AuditAction,
    { readonly run: () => Promise<unknown>; readonly success?: number; readonly failure?: number }
  > = {
    sign_in: {
      run: async () => {
        const { email } = await newAccount();
        grantOf((await signIn(email, password)).text);
        expect((await signIn(email, 'wrong-planted-secret')).status).toBe(401);
        expect((await signIn('nobody@planted.example', password)).status).toBe(401);
      },
      failure: 2,
    },
    guest_sign_in: { run: () => post('/api/auth/guest', { name: 'Guest' }) },
    openid_sign_in: {
      run: async () => {
        provider.subject = { sub: 'ada', claims: { email: 'oidc@planted.example', email_verified: true, name: 'Ada' } };
        const atPage = (next: URL) => next.origin !== 'http://lamplight.test';
        await new CookieBrowser().follow(`${server.url}/api/auth/oidc/start`, atPage);
      },
    },
    sign_out: { run: async () => post('/api/auth/logout', {}, (await newAccount()).client) },
    refresh_reuse: {
      run: async () => {
        const { refresh_token } = (await newAccount()).grant;
        grantOf((await post('/api/auth/refresh', { refresh_token })).text);
        laterMs += 60_000;
        expect((await post('/api/auth/refresh', { refresh_token })).status).toBe(401);
      },
      success: 0,
      failure: 1,
    },
    register: { run: () => post('/api/auth/register', { email: 'new@planted.example', name: 'New', password }) },
    email_verify: { run: newAccount },
    password_change: {
      run: async () => {
        const { client } = await newAccount();
        await post('/api/me/password', { current: newPassword, password: newPassword }, client);
        expect((await post('/api/me/password', { current: password, password: newPassword }, client)).status).toBe(204);
      },
      failure: 1,
    },
    password_reset: {
      run: async () => {
        const { email } = await newAccount();
        await post('/api/auth/forgot', { email });
        grantOf(
          (await post('/api/auth/reset', { token: await linkTo(email), password: newPassword, refresh: 'body' })).text,
        );
      },
    },
    role_change: { run: () => changed({ role: 'manager' }) },
    account_disable: { run: () => changed({ disabled: true }) },
    account_enable: {
      run: async () =>
        root.call('PATCH', `/api/admin/people/${await changed({ disabled: true })}`, { disabled: false }),
    },
    budget_change: { run: () => changed({ dailyTokenBudget: 1 }) },
    invitation_create: { run: invite },
    invitation_accept: {
      run: async () => {
        const token = await linkTo((await invite()).email);
        grantOf((await post('/api/auth/invitation', { token, name: 'Ina', password, refresh: 'body' })).text);
      },
    },
    invitation_withdraw: { run: async () => root.call('DELETE', `/api/admin/invitations/${(await invite()).id}`) },
    key_create: { run: newKey },
    key_end: {
      run: async () => {
        const { client, id } = await newKey();
        await client.call('DELETE', `/api/keys/${id}`);
      },
    },
    sessions_end: { run: async () => (await newAccount()).client.call('DELETE', '/api/me/sessions') },
    data_export: {
      run: async () => {
        await (await newAccount()).client.call('GET', '/api/me/export');
        await root.call('GET', '/api/analytics/export');
      },
      success: 2,
    },
    account_delete: {
      run: async () => {
        const { client } = await newAccount();
        await post('/api/me/delete', { password: 'a wrong one' }, client);
        await post('/api/me/delete', { password }, client);
        await root.call('DELETE', `/api/admin/people/${(await newAccount()).id}`);
      },
      success: 2,
      failure: 1,
    },
    story_read: {
      run: async () => {
        const { client } = await newAccount();
        const { id } = (await client.call('POST', '/api/stories', {})).as(story);
        await root.call('GET', `/api/admin/stories/${id}`);
        await root.call('GET', '/api/admin/stories/none');
      },
    },
    story_mails_end: {
      run: async () => {
        const token = unsubscribeToken(app.foundation.accounts.keys, (await newAccount()).id);
        secrets.push(token.slice(token.indexOf('.')));
        await post(`/api/story-mails/unsubscribe?token=${token}`, {});
        await post(`/api/story-mails/unsubscribe?token=${token}`, {});
      },
    },
    settings_change: { run: () => root.call('PATCH', '/api/admin/settings', { banner: 'Hello' }) },
    dead_letter_retry: {
      run: async () => {
        const { queue } = app.chat;
        const consumer = queue.consume(titleQueue, { concurrency: 1 }, () => Promise.reject(new Error('No.')));
        await queue.add(titleQueue, { conversationId: 'c', runId: 'r' }, { id: 'dead' });
        await waitFor(async () => (await queue.counts(titleQueue)).dead > 0, { what: 'a dead letter' });
        await consumer.drain(0);
        await root.call('POST', '/api/admin/dead-letters/title/dead/retry');
      },
    },
  };

  const entriesOf = async (action: AuditAction) => {
    const entries = app.foundation.store.collection<AuditRecord>(auditCollection);
    return (await entries.find({ where: { action }, sort: { by: ['at'], direction: 'asc' }, limit: 1_000 })).items;
  };

  it.each(auditActions)('%s', async (action) => {
    const before = (await entriesOf(action)).length;
    const { run, success = 1, failure = 0 } = flows[action];
    await run();
    const entries = (await entriesOf(action)).slice(before);
    const count = (outcome: string) => entries.filter((entry) => entry.outcome === outcome).length;
    expect({ success: count('success'), failure: count('failure') }).toEqual({ success, failure });
    for (const entry of entries) {
      expect(entry).toMatchObject({ address: '127.0.0.1', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
      if (entry.outcome === 'success' && action !== 'register') expect(entry.actorId).toBeDefined();
    }
  });

  it('people who fail to sign in: with their id where there is one, never with the address that they gave', async () => {
    const { email, id } = await newAccount();
    const before = (await entriesOf('sign_in')).length;
    await signIn(email, 'wrong-planted-secret');
    await signIn('no-such@planted.example', 'wrong-planted-secret');
    const [known, unknown] = (await entriesOf('sign_in')).slice(before);
    expect(known).toMatchObject({ outcome: 'failure', subjectId: id });
    expect(known).not.toHaveProperty('actorId');
    expect(unknown).toMatchObject({ outcome: 'failure' });
    expect(unknown).not.toHaveProperty('subjectId');
  });

  it('nobody with what is secret or personal', async () => {
    let text = '';
    for await (const entry of app.foundation.store.collection<AuditRecord>(auditCollection).scan())
      text += JSON.stringify(entry);
    expect(secrets.length).toBeGreaterThan(20);
    for (const secret of [...secrets, 'planted', 'argon2', 'Ada']) expect(text).not.toContain(secret);
  });
});
