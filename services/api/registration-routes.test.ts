import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { me, tokenResponse } from '#contract/accounts.ts';
import { conversationPage } from '#contract/conversations.ts';
import { errorResponse } from '#contract/errors.ts';
import { changeRole } from '#domain/accounts/administrators.ts';
import { invitePerson, withdrawInvitation } from '#domain/accounts/invitations.ts';
import { waitFor } from '#tests/servers/child.ts';
import { mailsTo, readOutbox, tokenIn } from '#tests/servers/outbox.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import { TestClient } from '#tests/servers/test-client.ts';

const password = 'a quiet evening at home';
const refresh = 'body';

describe('getting an account', () => {
  let app: TestChat;
  let server: TestServer;
  beforeAll(async () => {
    app = await createTestChat();
    app.startWorker();
    server = await app.openTestServer();
  });
  afterAll(() => app.close());

  const outbox = () => app.foundation.config.mail.outbox;
  const accounts = () => app.foundation.accounts;
  let count = 0;
  const newAddress = () => `person-${++count}@example.org`;

  /** Asks as somebody who is not signed in. */
  const ask = async (path: string, body: unknown, init: RequestInit = {}) => {
    const headers = { 'content-type': 'application/json', ...init.headers };
    const reply = await fetch(server.url + path, { ...init, method: 'POST', headers, body: JSON.stringify(body) });
    const text = await reply.text();
    return { status: reply.status, text, code: () => errorResponse.parse(JSON.parse(text)).error.code };
  };
  const signedIn = async (asked: ReturnType<typeof ask>) => {
    const { status, text } = await asked;
    expect([status, text]).toEqual([201, expect.stringContaining('access_token')]);
    return new TestClient(server.url, tokenResponse.parse(JSON.parse(text)).access_token);
  };
  const register = (email: string, more = {}) => ask('/api/auth/register', { email, name: 'Ada', password, ...more });
  const linkOf = async (email: string, nth = 1) => tokenIn((await mailsTo(outbox(), email, nth))[nth - 1] ?? fail());
  const fail = (): never => {
    throw new Error('No such mail.');
  };
  const verify = (token: string) => ask('/api/auth/verify', { token, refresh });
  const makeAccount = async (email = newAddress()) => {
    expect((await register(email)).status).toBe(202);
    return { email, client: await signedIn(verify(await linkOf(email))) };
  };
  const passwordSignIn = (email: string, word: string) =>
    ask('/api/auth/token', { username: email, password: word, refresh });

  it('takes a link that comes by mail, and signs in', async () => {
    const email = newAddress();
    const reply = await register(` ${email.toUpperCase()} `, { timeZone: 'Europe/Berlin' });
    expect([reply.status, reply.text]).toEqual([202, '']);
    expect((await passwordSignIn(email, password)).code()).toBe('wrong_credentials');
    const [mail] = await mailsTo(outbox(), email);
    expect(mail?.text).toContain('http://lamplight.test/verify#token=');
    expect(mail?.html).toContain('href="http://lamplight.test/verify#token=');
    const ada = await signedIn(verify(tokenIn(mail ?? fail())));
    expect((await ada.call('GET', '/api/me')).as(me)).toMatchObject({
      name: 'Ada',
      email,
      role: 'user',
      timeZone: 'Europe/Berlin',
      hasPassword: true,
    });
    expect((await passwordSignIn(email, password)).status).toBe(200);
  });

  it('follows a link once, also when it is followed twice at the same time', async () => {
    const email = newAddress();
    await register(email);
    const token = await linkOf(email);
    const replies = await Promise.all([verify(token), verify(token), verify(token)]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 400, 400]);
    expect((await verify(token)).code()).toBe('link_invalid');
    const where = { email };
    expect((await accounts().records.people.find({ where, limit: 10 })).items).toHaveLength(1);
  });

  it.each(['', 'x', 'a.b', `${'a'.repeat(36)}.${'b'.repeat(43)}`, '__proto__.x', '.'])(
    'knows no link %j',
    async (token) => {
      for (const [path, more] of [
        ['verify', {}],
        ['reset', { password }],
        ['invitation', { password, name: 'Ada' }],
      ] as const) {
        const code = (await ask(`/api/auth/${path}`, { token, ...more })).code();
        expect(token === '' ? 'invalid_request' : 'link_invalid').toBe(code);
      }
    },
  );

  it('takes a link for what it was made for alone', async () => {
    const email = newAddress();
    await register(email);
    const token = await linkOf(email);
    expect((await ask('/api/auth/reset', { token, password })).code()).toBe('link_invalid');
    expect((await ask('/api/auth/invitation', { token, password, name: 'Eve' })).code()).toBe('link_invalid');
    expect((await verify(token)).status).toBe(201);
  });

  it('says the same of an address that is known, which gets another mail', async () => {
    const { email } = await makeAccount();
    const before = await accounts().records.people.get(
      (await accounts().records.people.find({ where: { email }, limit: 1 })).items[0]?._id ?? '',
    );
    const [known, unknown] = [await register(email, { name: 'Eve' }), await register(newAddress())];
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
    const mails = await mailsTo(outbox(), email, 2);
    const told = mails.find(({ subject }) => subject === 'You have an account already');
    expect(told?.text).not.toContain('token=');
    expect(await accounts().records.people.get(before?._id ?? '')).toEqual(before);
  });

  it('gives an address to one of those who confirm it at once', async () => {
    const email = newAddress();
    await Promise.all([register(email), register(email, { name: 'Grace' }), register(email, { name: 'Alan' })]);
    const tokens = (await mailsTo(outbox(), email, 3)).map(tokenIn);
    const replies = await Promise.all(tokens.map(verify));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 400, 400]);
    expect((await accounts().records.people.find({ where: { email }, limit: 10 })).items).toHaveLength(1);
  });

  it('refuses a password that others guess first, and what is no address', async () => {
    expect((await register(newAddress(), { password: 'Password1234' })).code()).toBe('common_password');
    expect((await register(newAddress(), { password: 'too short' })).code()).toBe('invalid_request');
    for (const email of [
      'ada',
      'ada@a@b.org',
      'a,b@example.org',
      'a\r\nBcc: e@example.org',
      '<ada@example.org>',
      '"a"@b.org',
    ])
      expect([email, (await register(email)).status]).toEqual([email, 400]);
  });

  it('makes a guest a user who keeps the conversations, also after the session of the guest', async () => {
    const guest = await server.client('Guest');
    await guest.ask('Keep me');
    const before = (await guest.call('GET', '/api/me')).as(me);
    const email = newAddress();
    expect((await guest.call('POST', '/api/auth/register', { email, name: 'Ada', password })).status).toBe(202);
    await guest.call('POST', '/api/auth/logout');
    const ada = await signedIn(verify(await linkOf(email)));
    expect((await ada.call('GET', '/api/me')).as(me)).toMatchObject({
      id: before.id,
      role: 'user',
      name: 'Ada',
      email,
    });
    expect((await ada.call('GET', '/api/conversations')).as(conversationPage).items).toHaveLength(1);
  });

  it('ends the sessions of the guest with its begin', async () => {
    const guest = await server.client('Guest');
    const email = newAddress();
    await guest.call('POST', '/api/auth/register', { email, name: 'Ada', password });
    await signedIn(verify(await linkOf(email)));
    expect((await guest.call('GET', '/api/me')).error.code).toBe('unauthenticated');
  });

  it('leaves a guest whose address has an account by then a guest', async () => {
    const { email } = await makeAccount();
    const guest = await server.client('Guest');
    await guest.call('POST', '/api/auth/register', { email, name: 'Eve', password });
    await mailsTo(outbox(), email, 2);
    expect((await guest.call('GET', '/api/me')).as(me)).toMatchObject({ role: 'guest', name: 'Guest' });
  });

  it('goes by what an administrator allows, until the link is followed', async () => {
    const { runtime } = app.foundation;
    const email = newAddress();
    await register(email);
    const token = await linkOf(email);
    for (const registration of ['invite', 'closed'] as const) {
      await runtime.change({ registration });
      expect((await register(newAddress())).code()).toBe('registration_closed');
      expect((await verify(token)).code()).toBe('registration_closed');
    }
    await runtime.change({ registration: 'open' });
    expect((await verify(token)).status).toBe(201);
  });

  describe('back, where the password is forgotten', () => {
    const forgot = (email: string) => ask('/api/auth/forgot', { email });
    const reset = (token: string, word: string) => ask('/api/auth/reset', { token, password: word, refresh });
    const resetLink = async (email: string) =>
      waitFor(
        async () => {
          const mails = await mailsTo(outbox(), email);
          const mail = mails.find(({ subject }) => subject === 'Set a new password');
          return mail && tokenIn(mail);
        },
        { what: 'the link' },
      );
    const next = 'another evening by the sea';

    it('sets a new one by mail, once; all sessions end, and the person hears of it', async () => {
      const { email, client } = await makeAccount();
      expect(await forgot(email)).toMatchObject({ status: 202, text: '' });
      const token = await resetLink(email);
      expect((await reset(token, 'Password1234')).code()).toBe('common_password');
      const again = await signedIn(reset(token, next));
      expect((await again.call('GET', '/api/me')).status).toBe(200);
      expect((await client.call('GET', '/api/me')).error.code).toBe('unauthenticated');
      expect((await passwordSignIn(email, password)).code()).toBe('wrong_credentials');
      expect((await passwordSignIn(email, next)).status).toBe(200);
      expect((await reset(token, 'a third evening at home')).code()).toBe('link_invalid');
      const mails = await mailsTo(outbox(), email, 3);
      expect(mails.map(({ subject }) => subject)).toContain('Your password was changed');
    });

    it('is followed by one of several at once', async () => {
      const { email } = await makeAccount();
      await forgot(email);
      const token = await resetLink(email);
      const words = ['one evening at the lake', 'two evenings at the lake', 'six evenings at the lake'];
      const replies = await Promise.all(words.map((word) => reset(token, word)));
      expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 400, 400]);
    });

    it('says the same to whoever has no account, and sends nothing', async () => {
      const email = newAddress();
      const { email: known } = await makeAccount();
      const replies = [await forgot(email), await forgot(known)];
      expect(replies.map(({ status, text }) => [status, text])).toEqual([
        [202, ''],
        [202, ''],
      ]);
      await resetLink(known);
      await waitFor(async () => (await accounts().records.links.count({ email, kind: 'reset' })) === 0, {
        what: 'the end of a link that leads nowhere',
      });
      expect((await readOutbox(outbox())).filter(({ to }) => to?.[0]?.address === email)).toEqual([]);
    });

    it('is not for somebody who is locked out; the link works when that is over', async () => {
      const { email, client } = await makeAccount();
      const { id } = (await client.call('GET', '/api/me')).as(me);
      await forgot(email);
      const token = await resetLink(email);
      await accounts().records.people.update(id, { set: { disabled: true } });
      expect((await reset(token, next)).code()).toBe('account_disabled');
      await accounts().records.people.update(id, { set: { disabled: false } });
      expect((await reset(token, next)).status).toBe(201);
    });

    it('ends the other links: those that were asked for before a change of the password', async () => {
      const { email, client } = await makeAccount();
      await forgot(email);
      const token = await resetLink(email);
      expect((await client.call('POST', '/api/me/password', { current: password, password: next })).status).toBe(204);
      expect((await reset(token, 'a third evening at home')).code()).toBe('link_invalid');
    });

    it('tells whoever signs in elsewhere so, and gives no link', async () => {
      const email = newAddress();
      await server.client({ role: 'user', person: { email, openIdSubject: `https://login.test ${email}` } });
      await forgot(email);
      const [mail] = await mailsTo(outbox(), email);
      expect(mail?.subject).toBe('Your account has no password');
      expect(mail?.text).not.toContain('token=');
    });
  });

  describe('by invitation', () => {
    const accept = (token: string, more = {}) =>
      ask('/api/auth/invitation', { token, name: 'Grace', password, refresh, ...more });

    it('begins with the role that it was made for, also where registration is by invitation', async () => {
      const email = newAddress();
      await app.foundation.runtime.change({ registration: 'invite' });
      await invitePerson(accounts(), { email, role: 'manager' });
      const grace = await signedIn(accept(await linkOf(email)));
      await app.foundation.runtime.change({ registration: 'open' });
      expect((await grace.call('GET', '/api/me')).as(me)).toMatchObject({ role: 'manager', email, name: 'Grace' });
      expect((await accept(await linkOf(email))).code()).toBe('link_invalid');
    });

    it('makes an administrator who counts as one', async () => {
      const email = newAddress();
      await invitePerson(accounts(), { email, role: 'admin' });
      const admin = await signedIn(accept(await linkOf(email)));
      const { id } = (await admin.call('GET', '/api/me')).as(me);
      await expect(changeRole(accounts(), id, 'user')).rejects.toMatchObject({ code: 'last_administrator' });
    });

    it('is not for an address that has an account, then or by now', async () => {
      const { email } = await makeAccount();
      await expect(invitePerson(accounts(), { email, role: 'user' })).rejects.toMatchObject({ code: 'conflict' });
      const other = newAddress();
      await invitePerson(accounts(), { email: other, role: 'admin' });
      const token = await linkOf(other);
      await server.client({ role: 'user', person: { email: other } });
      expect((await accept(token)).code()).toBe('conflict');
    });

    it('ends with the next one of the same address, and when it is withdrawn', async () => {
      const email = newAddress();
      await invitePerson(accounts(), { email, role: 'admin' });
      const first = await linkOf(email);
      const { _id } = await invitePerson(accounts(), { email, role: 'user' });
      expect((await accept(first)).code()).toBe('link_invalid');
      const mails = await mailsTo(outbox(), email, 2);
      const second = mails.map(tokenIn).find((token) => token !== first) ?? '';
      expect((await accept(second, { password: 'Password1234' })).code()).toBe('common_password');
      await withdrawInvitation(accounts(), _id);
      expect((await accept(second)).code()).toBe('link_invalid');
      await expect(withdrawInvitation(accounts(), _id)).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  describe('and another password', () => {
    const next = 'another evening by the sea';
    const change = (client: TestClient, current: string, word = next) =>
      client.call('POST', '/api/me/password', { current, password: word });

    it('needs the present one, ends the other sessions and tells by mail', async () => {
      const { email, client } = await makeAccount();
      const other = await signedIn(
        passwordSignIn(email, password).then((reply) => ({
          ...reply,
          status: reply.status === 200 ? 201 : reply.status,
        })),
      );
      expect((await change(client, 'not my password')).error.code).toBe('wrong_credentials');
      expect((await change(client, password, 'Password1234')).error.code).toBe('common_password');
      expect((await change(client, password)).status).toBe(204);
      expect((await client.call('GET', '/api/me')).status).toBe(200);
      expect((await other.call('GET', '/api/me')).error.code).toBe('unauthenticated');
      expect((await passwordSignIn(email, next)).status).toBe(200);
      const mails = await mailsTo(outbox(), email, 2);
      const told = mails.find(({ subject }) => subject === 'Your password was changed');
      expect(told?.text).toMatch(/on \w+ \d+, \d{4} at .* \(UTC\)/);
    });

    it('is set by one of two who know the present one', async () => {
      const { client } = await makeAccount();
      const replies = await Promise.all([
        change(client, password, 'one evening at the lake'),
        change(client, password, 'two evenings at the lake'),
      ]);
      expect(replies.map(({ status }) => status).toSorted()).toEqual([204, 401]);
    });

    it('is not for guests', async () => {
      expect((await change(await server.client(), password)).error.code).toBe('forbidden');
    });
  });

  it('leaves no secret in the log, the queue or the store', async () => {
    const email = newAddress();
    await register(email);
    const token = await linkOf(email);
    const links = await accounts().records.links.find({ where: { email, kind: 'verify' }, limit: 10 });
    expect(links.items).toHaveLength(1);
    const kept = JSON.stringify([links.items, app.lines]);
    for (const secret of [token, token.split('.')[1] ?? '?', password]) expect(kept).not.toContain(secret);
    expect(JSON.stringify(app.lines.filter(({ level }) => level !== 'debug'))).not.toContain('@example.org');
  });
});

describe('asking for an account, where nobody sends the mails', () => {
  it('takes as long for an address that is known', async () => {
    const app = await createTestChat();
    const server = await app.openTestServer();
    await server.client({ role: 'user', person: { email: 'ada@example.org', passwordHash: 'some' } });
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    const measure = async (of: keyof typeof times, email: string) => {
      const began = performance.now();
      const body = JSON.stringify({ email, name: 'Ada', password });
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
      expect((await fetch(`${server.url}/api/auth/register`, init)).status).toBe(202);
      times[of].push(performance.now() - began);
    };
    for (let index = 0; index < 11; index += 1) {
      await measure('known', 'ada@example.org');
      await measure('unknown', `nobody-${index}@example.org`);
    }
    // The least of many: what else runs on the machine makes single ones longer, never shorter.
    const ratio = Math.min(...times.known) / Math.min(...times.unknown);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.6);
    await app.close();
  });
});
