import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { me } from '#contract/accounts.ts';
import { unsubscribeToken } from '#domain/stories/mails/unsubscribe.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';

describe('ending the mails that bring stories', () => {
  let app: TestChat;
  let server: TestServer;
  beforeAll(async () => {
    app = await createTestChat();
    server = await app.openTestServer();
  });
  afterAll(() => app.close());

  const addAda = async () => {
    const client = await server.client({ role: 'user', name: 'Ada' });
    const { id } = (await client.call('GET', '/api/me')).as(me);
    const wantsMails = async () => (await client.call('GET', '/api/me')).as(me).storyMails;
    return { client, id, wantsMails, token: unsubscribeToken(app.foundation.accounts.keys, id) };
  };
  const at = (token: string) => `${server.url}/api/story-mails/unsubscribe?token=${encodeURIComponent(token)}`;
  const entries = async (personId: string) =>
    (await app.foundation.audit.list({ limit: 100, personId, action: 'story_mails_end' })).items;

  it.each([
    ['a form', () => new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })],
    [
      'a form in parts',
      () => {
        const form = new FormData();
        form.append('List-Unsubscribe', 'One-Click');
        return form;
      },
    ],
    ['nothing', () => undefined],
    ['something else', () => '{"a":'],
  ])('takes one POST, signed out, with %s as its body', async (_what, body) => {
    const { id, token, wantsMails } = await addAda();
    expect(await wantsMails()).toBe(true);
    const sent = body();
    for (let time = 0; time < 2; time += 1) {
      const reply = await fetch(at(token), {
        method: 'POST',
        ...(sent !== undefined && { body: sent }),
        redirect: 'manual',
      });
      expect([reply.status, await reply.text()]).toEqual([204, '']);
    }
    expect(await wantsMails()).toBe(false);
    expect(await entries(id)).toMatchObject([{ outcome: 'success', subjectId: id }]);
  });

  it('is undone by its person, and can be done again', async () => {
    const { client, id, token, wantsMails } = await addAda();
    await fetch(at(token), { method: 'POST' });
    await client.call('PATCH', '/api/me', { storyMails: true });
    expect(await wantsMails()).toBe(true);
    await fetch(at(token), { method: 'POST' });
    expect(await wantsMails()).toBe(false);
    expect(await entries(id)).toHaveLength(2);
  });

  it('leads whoever opens its address to a page that asks first, and changes nothing', async () => {
    const { token, wantsMails } = await addAda();
    const reply = await fetch(at(token), { redirect: 'manual' });
    expect([reply.status, reply.headers.get('location')]).toEqual([
      303,
      `http://lamplight.test/unsubscribe#token=${token}`,
    ]);
    const evil = await fetch(at('//evil.test/\r\nSet-Cookie: a=b'), { redirect: 'manual' });
    expect(evil.headers.get('location')).toMatch(/^http:\/\/lamplight\.test\/unsubscribe#token=%2F%2Fevil/);
    expect(await wantsMails()).toBe(true);
  });

  it('believes no token but ours, and tells nothing of who is there', async () => {
    const { id, token, wantsMails } = await addAda();
    const other = unsubscribeToken(app.foundation.accounts.keys, 'somebody-else');
    const signature = (of: string) => of.slice(of.lastIndexOf('.'));
    const asStory = `${id}.${app.foundation.accounts.keys.sign('story', id)}`;
    for (const wrong of [id, `${id}.`, '.', '', `${id}${signature(other)}`, `${token}x`, asStory, ` ${token}`]) {
      const reply = await fetch(at(wrong), { method: 'POST' });
      expect(reply.status, wrong).toBe(400);
      expect((await reply.json()) as object, wrong).toMatchObject({ error: { code: 'link_invalid' } });
    }
    expect((await fetch(at(other), { method: 'POST' })).status).toBe(204);
    expect(await wantsMails()).toBe(true);
  });

  it('keeps the token out of the logs', async () => {
    const { token } = await addAda();
    await fetch(at(token), { method: 'POST' });
    await fetch(at(token), { redirect: 'manual' });
    expect(JSON.stringify(app.lines)).not.toContain(token.slice(token.indexOf('.') + 1));
  });
});
