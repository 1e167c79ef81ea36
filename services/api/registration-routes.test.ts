import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { me } from '#contract/accounts.ts';
import { conversationPage } from '#contract/conversations.ts';
import { changeRole } from '#domain/accounts/administrators.ts';
import { invitePerson, withdrawInvitation } from '#domain/accounts/invitations.ts';
import { mailsTo, tokenIn } from '#tests/servers/outbox.ts';
import { createTestChat } from '#tests/servers/test-chat.ts';
import { openRegistrations, password, type Registrations } from './registrations.fixture.ts';

const refresh = 'body';

describe('getting an account', () => {
  let world: Registrations;
  beforeAll(async () => {
    world = await openRegistrations();
  });
  afterAll(() => world.app.close());

  it('takes a link that comes by mail, and signs in', async () => {
    const email = world.newAddress();
    const reply = await world.register(` ${email.toUpperCase()} `, { timeZone: 'Europe/Berlin' });
    expect([reply.status, reply.text]).toEqual([202, '']);
    expect((await world.passwordSignIn(email, password)).code()).toBe('wrong_credentials');
    const [mail] = await mailsTo(world.outbox, email);
    expect(mail?.text).toContain('http://lamplight.test/verify#token=');
    expect(mail?.html).toContain('href="http://lamplight.test/verify#token=');
    const ada = await world.signedIn(world.verify(await world.linkOf(email)));
    expect((await ada.call('GET', '/api/me')).as(me)).toMatchObject({
      name: 'Ada',
      email,
      role: 'user',
      timeZone: 'Europe/Berlin',
      hasPassword: true,
    });
    expect((await world.passwordSignIn(email, password)).status).toBe(200);
  });

  it('follows a link once, also when it is followed twice at the same time', async () => {
    const email = world.newAddress();
    await world.register(email);
    const token = await world.linkOf(email);
    const replies = await Promise.all([world.verify(token), world.verify(token), world.verify(token)]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 400, 400]);
    expect((await world.verify(token)).code()).toBe('link_invalid');
    const where = { email };
    expect((await world.accounts.records.people.find({ where, limit: 10 })).items).toHaveLength(1);
  });

  it.each(['', 'x', 'a.b', `${'a'.repeat(36)}.${'b'.repeat(43)}`, '__proto__.x', '.'])(
    'knows no link %j',
    async (token) => {
      for (const [path, more] of [
        ['verify', { password }],
        ['reset', { password }],
        ['invitation', { password, name: 'Ada' }],
      ] as const) {
        const code = (await world.ask(`/api/auth/${path}`, { token, ...more })).code();
        expect(token === '' ? 'invalid_request' : 'link_invalid').toBe(code);
      }
    },
  );

  it('gives nobody an account whose password somebody else chose, although they follow the link', async () => {
    const email = world.newAddress();
    await world.register(email, { name: 'Eve', password: 'what Eve knows of it' });
    const token = await world.linkOf(email);
    for (const word of [password, 'what Eve knows of', ' '])
      expect((await world.verify(token, word)).code()).toBe('wrong_credentials');
    expect((await world.ask('/api/auth/verify', { token })).code()).toBe('invalid_request');
    expect((await world.accounts.records.people.find({ where: { email }, limit: 1 })).items).toEqual([]);
    await world.register(email);
    const own = (await mailsTo(world.outbox, email, 2)).map(tokenIn).find((each) => each !== token) ?? '';
    await world.signedIn(world.verify(own));
    expect((await world.passwordSignIn(email, 'what Eve knows of it')).code()).toBe('wrong_credentials');
    expect((await world.verify(token, 'what Eve knows of it')).code()).toBe('link_invalid');
  });

  it('takes a link for what it was made for alone', async () => {
    const email = world.newAddress();
    await world.register(email);
    const token = await world.linkOf(email);
    expect((await world.ask('/api/auth/reset', { token, password })).code()).toBe('link_invalid');
    expect((await world.ask('/api/auth/invitation', { token, password, name: 'Eve' })).code()).toBe('link_invalid');
    expect((await world.verify(token)).status).toBe(201);
  });

  it('says the same of an address that is known, which gets another mail', async () => {
    const { email } = await world.makeAccount();
    const before = await world.accounts.records.people.get(
      (await world.accounts.records.people.find({ where: { email }, limit: 1 })).items[0]?._id ?? '',
    );
    const [known, unknown] = [await world.register(email, { name: 'Eve' }), await world.register(world.newAddress())];
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
    const mails = await mailsTo(world.outbox, email, 2);
    const told = mails.find(({ subject }) => subject === 'You have an account already');
    expect(told?.text).not.toContain('token=');
    expect(await world.accounts.records.people.get(before?._id ?? '')).toEqual(before);
  });

  it('gives an address to one of those who confirm it at once', async () => {
    const email = world.newAddress();
    await Promise.all([
      world.register(email),
      world.register(email, { name: 'Grace' }),
      world.register(email, { name: 'Alan' }),
    ]);
    const tokens = (await mailsTo(world.outbox, email, 3)).map(tokenIn);
    const replies = await Promise.all(tokens.map((token) => world.verify(token)));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 400, 400]);
    expect((await world.accounts.records.people.find({ where: { email }, limit: 10 })).items).toHaveLength(1);
  });

  it('refuses a password that others guess first, and what is no address', async () => {
    expect((await world.register(world.newAddress(), { password: 'Password1234' })).code()).toBe('common_password');
    expect((await world.register(world.newAddress(), { password: 'too short' })).code()).toBe('invalid_request');
    for (const email of [
      'ada',
      'ada@a@b.org',
      'a,b@example.org',
      'a\r\nBcc: e@example.org',
      '<ada@example.org>',
      '"a"@b.org',
    ])
      expect([email, (await world.register(email)).status]).toEqual([email, 400]);
  });

  it('makes a guest a user who keeps the conversations, also after the session of the guest', async () => {
    const guest = await world.server.client('Guest');
    await guest.ask('Keep me');
    const before = (await guest.call('GET', '/api/me')).as(me);
    const email = world.newAddress();
    expect((await guest.call('POST', '/api/auth/register', { email, name: 'Ada', password })).status).toBe(202);
    await guest.call('POST', '/api/auth/logout');
    const ada = await world.signedIn(world.verify(await world.linkOf(email)));
    expect((await ada.call('GET', '/api/me')).as(me)).toMatchObject({
      id: before.id,
      role: 'user',
      name: 'Ada',
      email,
    });
    expect((await ada.call('GET', '/api/conversations')).as(conversationPage).items).toHaveLength(1);
  });

  it('ends the sessions of the guest with its begin', async () => {
    const guest = await world.server.client('Guest');
    const email = world.newAddress();
    await guest.call('POST', '/api/auth/register', { email, name: 'Ada', password });
    await world.signedIn(world.verify(await world.linkOf(email)));
    expect((await guest.call('GET', '/api/me')).error.code).toBe('unauthenticated');
  });

  it('leaves a guest whose address has an account by then a guest', async () => {
    const { email } = await world.makeAccount();
    const guest = await world.server.client('Guest');
    await guest.call('POST', '/api/auth/register', { email, name: 'Eve', password });
    await mailsTo(world.outbox, email, 2);
    expect((await guest.call('GET', '/api/me')).as(me)).toMatchObject({ role: 'guest', name: 'Guest' });
  });

  it('goes by what an administrator allows, until the link is followed', async () => {
    const { runtime } = world.app.foundation;
    const email = world.newAddress();
    await world.register(email);
    const token = await world.linkOf(email);
    for (const registration of ['invite', 'closed'] as const) {
      await runtime.change({ registration });
      expect((await world.register(world.newAddress())).code()).toBe('registration_closed');
      expect((await world.verify(token)).code()).toBe('registration_closed');
    }
    await runtime.change({ registration: 'open' });
    expect((await world.verify(token)).status).toBe(201);
  });

  describe('by invitation', () => {
    const accept = (token: string, more = {}) =>
      world.ask('/api/auth/invitation', { token, name: 'Grace', password, refresh, ...more });
    const invitedBy = 'an-administrator';
    beforeAll(async () => {
      const rest = { timeZone: 'UTC', disabled: false, deleted: false, createdAt: 0, lastSeenAt: 0 };
      await world.accounts.records.people.insert({ _id: invitedBy, name: 'Ada', role: 'admin', ...rest });
    });
    const invite = (invited: { email: string; role: 'user' | 'manager' | 'admin' }) =>
      invitePerson(world.accounts, { ...invited, invitedBy });

    it('begins with the role that it was made for, also where registration is by invitation', async () => {
      const email = world.newAddress();
      await world.app.foundation.runtime.change({ registration: 'invite' });
      await invite({ email, role: 'manager' });
      const grace = await world.signedIn(accept(await world.linkOf(email)));
      await world.app.foundation.runtime.change({ registration: 'open' });
      expect((await grace.call('GET', '/api/me')).as(me)).toMatchObject({ role: 'manager', email, name: 'Grace' });
      expect((await accept(await world.linkOf(email))).code()).toBe('link_invalid');
    });

    it('makes an administrator who counts as one', async () => {
      const email = world.newAddress();
      await invite({ email, role: 'admin' });
      const admin = await world.signedIn(accept(await world.linkOf(email)));
      const { id } = (await admin.call('GET', '/api/me')).as(me);
      await expect(changeRole(world.accounts, id, 'user')).rejects.toMatchObject({ code: 'last_administrator' });
    });

    it('gives nobody more than its maker may still give', async () => {
      const { people } = world.accounts.records;
      const tokens = new Map<string, string>();
      for (const role of ['user', 'manager', 'admin'] as const) {
        const email = world.newAddress();
        await invite({ email, role });
        tokens.set(role, await world.linkOf(email));
      }
      for (const set of [{ role: 'user' }, { disabled: true }, { deleted: true }] as const) {
        await people.update(invitedBy, { set });
        for (const role of ['manager', 'admin']) {
          expect((await accept(tokens.get(role) ?? '')).code(), JSON.stringify({ role, set })).toBe('link_invalid');
        }
        await people.update(invitedBy, { set: { role: 'admin', disabled: false, deleted: false } });
      }
      await people.update(invitedBy, { set: { role: 'user' } });
      expect((await accept(tokens.get('user') ?? '')).status, 'a user').toBe(201);
      await people.update(invitedBy, { set: { role: 'admin' } });
      expect((await accept(tokens.get('manager') ?? '')).status, 'and as before').toBe(201);
    });

    it('is not for an address that has an account, then or by now', async () => {
      const { email } = await world.makeAccount();
      await expect(invite({ email, role: 'user' })).rejects.toMatchObject({ code: 'conflict' });
      const other = world.newAddress();
      await invite({ email: other, role: 'admin' });
      const token = await world.linkOf(other);
      await world.server.client({ role: 'user', person: { email: other } });
      expect((await accept(token)).code()).toBe('conflict');
    });

    it('ends with the next one of the same address, and when it is withdrawn', async () => {
      const email = world.newAddress();
      await invite({ email, role: 'admin' });
      const first = await world.linkOf(email);
      const { _id } = await invite({ email, role: 'user' });
      expect((await accept(first)).code()).toBe('link_invalid');
      const mails = await mailsTo(world.outbox, email, 2);
      const second = mails.map(tokenIn).find((token) => token !== first) ?? '';
      expect((await accept(second, { password: 'Password1234' })).code()).toBe('common_password');
      await withdrawInvitation(world.accounts, _id);
      expect((await accept(second)).code()).toBe('link_invalid');
      await expect(withdrawInvitation(world.accounts, _id)).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  it('leaves no secret in the log, the queue or the store', async () => {
    const email = world.newAddress();
    await world.register(email);
    const token = await world.linkOf(email);
    const links = await world.accounts.records.links.find({ where: { email, kind: 'verify' }, limit: 10 });
    expect(links.items).toHaveLength(1);
    const kept = JSON.stringify([links.items, world.app.lines]);
    for (const secret of [token, token.split('.')[1] ?? '?', password]) expect(kept).not.toContain(secret);
    expect(JSON.stringify(world.app.lines.filter(({ level }) => level !== 'debug'))).not.toContain('@example.org');
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
    // The least of many: what else runs on the machine makes single ones longer, never shorter. Without its hash one would take a tenth.
    const ratio = Math.min(...times.known) / Math.min(...times.unknown);
    expect(ratio).toBeGreaterThan(0.33);
    expect(ratio).toBeLessThan(3);
    await app.close();
  });
});
