import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { me } from '#contract/accounts.ts';
import { waitFor } from '#tests/servers/child.ts';
import { mailsTo, readOutbox, tokenIn } from '#tests/servers/outbox.ts';
import type { TestClient } from '#tests/servers/test-client.ts';
import { openRegistrations, password, type Registrations } from './registrations.fixture.ts';

const refresh = 'body';

describe('the way', () => {
  let world: Registrations;
  beforeAll(async () => {
    world = await openRegistrations();
  });
  afterAll(() => world.app.close());

  describe('back, where the password is forgotten', () => {
    const forgot = (email: string) => world.ask('/api/auth/forgot', { email });
    const reset = (token: string, word: string) => world.ask('/api/auth/reset', { token, password: word, refresh });
    const resetLink = async (email: string) =>
      waitFor(
        async () => {
          const mails = await mailsTo(world.outbox, email);
          const mail = mails.find(({ subject }) => subject === 'Set a new password');
          return mail && tokenIn(mail);
        },
        { what: 'the link' },
      );
    const next = 'another evening by the sea';

    it('sets a new one by mail, once; all sessions end, and the person hears of it', async () => {
      const { email, client } = await world.makeAccount();
      expect(await forgot(email)).toMatchObject({ status: 202, text: '' });
      const token = await resetLink(email);
      expect((await reset(token, 'Password1234')).code()).toBe('common_password');
      const again = await world.signedIn(reset(token, next));
      expect((await again.call('GET', '/api/me')).status).toBe(200);
      expect((await client.call('GET', '/api/me')).error.code).toBe('unauthenticated');
      expect((await world.passwordSignIn(email, password)).code()).toBe('wrong_credentials');
      expect((await world.passwordSignIn(email, next)).status).toBe(200);
      expect((await reset(token, 'a third evening at home')).code()).toBe('link_invalid');
      const mails = await mailsTo(world.outbox, email, 3);
      expect(mails.map(({ subject }) => subject)).toContain('Your password was changed');
    });

    it('is followed by one of several at once', async () => {
      const { email } = await world.makeAccount();
      await forgot(email);
      const token = await resetLink(email);
      const words = ['one evening at the lake', 'two evenings at the lake', 'six evenings at the lake'];
      const replies = await Promise.all(words.map((word) => reset(token, word)));
      expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 400, 400]);
    });

    it('says the same to whoever has no account, and sends nothing', async () => {
      const email = world.newAddress();
      const { email: known } = await world.makeAccount();
      const replies = [await forgot(email), await forgot(known)];
      expect(replies.map(({ status, text }) => [status, text])).toEqual([
        [202, ''],
        [202, ''],
      ]);
      await resetLink(known);
      await waitFor(async () => (await world.accounts.records.links.count({ email, kind: 'reset' })) === 0, {
        what: 'the end of a link that leads nowhere',
      });
      expect((await readOutbox(world.outbox)).filter(({ to }) => to?.[0]?.address === email)).toEqual([]);
    });

    it('is not for somebody who is locked out; the link works when that is over', async () => {
      const { email, client } = await world.makeAccount();
      const { id } = (await client.call('GET', '/api/me')).as(me);
      await forgot(email);
      const token = await resetLink(email);
      await world.accounts.records.people.update(id, { set: { disabled: true } });
      expect((await reset(token, next)).code()).toBe('account_disabled');
      await world.accounts.records.people.update(id, { set: { disabled: false } });
      expect((await reset(token, next)).status).toBe(201);
    });

    it('ends the other links: those that were asked for before a change of the password', async () => {
      const { email, client } = await world.makeAccount();
      await forgot(email);
      const token = await resetLink(email);
      expect((await client.call('POST', '/api/me/password', { current: password, password: next })).status).toBe(204);
      expect((await reset(token, 'a third evening at home')).code()).toBe('link_invalid');
    });

    it('tells whoever signs in elsewhere so, and gives no link', async () => {
      const email = world.newAddress();
      await world.server.client({ role: 'user', person: { email, openIdSubject: `https://login.test ${email}` } });
      await forgot(email);
      const [mail] = await mailsTo(world.outbox, email);
      expect(mail?.subject).toBe('Your account has no password');
      expect(mail?.text).not.toContain('token=');
    });
  });

  describe('and another password', () => {
    const next = 'another evening by the sea';
    const change = (client: TestClient, current: string, word = next) =>
      client.call('POST', '/api/me/password', { current, password: word });

    it('needs the present one, ends the other sessions and tells by mail', async () => {
      const { email, client } = await world.makeAccount();
      const other = await world.signedIn(
        world.passwordSignIn(email, password).then((reply) => ({
          ...reply,
          status: reply.status === 200 ? 201 : reply.status,
        })),
      );
      expect((await change(client, 'not my password')).error.code).toBe('wrong_credentials');
      expect((await change(client, password, 'Password1234')).error.code).toBe('common_password');
      expect((await change(client, password)).status).toBe(204);
      expect((await client.call('GET', '/api/me')).status).toBe(200);
      expect((await other.call('GET', '/api/me')).error.code).toBe('unauthenticated');
      expect((await world.passwordSignIn(email, next)).status).toBe(200);
      const mails = await mailsTo(world.outbox, email, 2);
      const told = mails.find(({ subject }) => subject === 'Your password was changed');
      expect(told?.text).toMatch(/on \w+ \d+, \d{4} at .* \(UTC\)/);
    });

    it('is set by one of two who know the present one', async () => {
      const { client } = await world.makeAccount();
      const replies = await Promise.all([
        change(client, password, 'one evening at the lake'),
        change(client, password, 'two evenings at the lake'),
      ]);
      expect(replies.map(({ status }) => status).toSorted()).toEqual([204, 401]);
    });

    it('is not for guests', async () => {
      expect((await change(await world.server.client(), password)).error.code).toBe('forbidden');
    });
  });
});
