import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  character,
  characterPage,
  filledPrompt,
  prompt,
  promptPage,
  scene,
  scenePage,
  storySettings,
} from '#contract/story-parts.ts';
import { libraryOwner } from '#domain/library/library-records.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import type { TestClient } from '#tests/servers/test-client.ts';

const fox = { name: 'Fenna', who: 'A young fox who repairs umbrellas.', traits: ['patient', 'curious'] };
const pond = { place: 'A pond', mood: 'calm', events: ['a leaf floats by'] };
const hello = { title: 'Hello', text: 'Hello {{ name }}, {{name}} and {{other}}' };

describe('the library', () => {
  let app: TestChat;
  let server: TestServer;
  let ada: TestClient;
  let eve: TestClient;
  beforeAll(async () => {
    app = await createTestChat();
    server = await app.openTestServer();
    ada = await server.client({ role: 'user', name: 'Ada' });
    eve = await server.client({ role: 'user', name: 'Eve' });
    const { library } = app.stories;
    const ours = { ownerId: libraryOwner, createdAt: 1 };
    await library.characters.insert({ _id: 'the-owl', ...ours, name: 'Owl', who: 'An owl.', traits: ['wise'] });
    await library.scenes.insert({ _id: 'the-moor', ...ours, ...pond, place: 'A moor' });
    await library.prompts.insert({ _id: 'the-day', ...ours, ...hello, title: 'The day' });
  });
  afterAll(() => app.close());

  const kinds = [
    ['characters', fox, { name: 'Finn' }, 'the-owl', character, characterPage],
    ['scenes', pond, { mood: 'wild' }, 'the-moor', scene, scenePage],
    ['prompts', hello, { title: 'Bye' }, 'the-day', prompt, promptPage],
  ] as const;

  describe.each(kinds)('%s', (kind, text, change, libraryId, one, page) => {
    const path = `/api/${kind}`;
    const create = async (client = ada): Promise<{ id: string }> =>
      (await client.call('POST', path, text)).as(one as z.ZodType<{ id: string }>);

    it('are made, changed and deleted by their owner', async () => {
      const made = await create();
      expect(made).toMatchObject({ ...text, source: 'mine' });
      const changed = await ada.call('PATCH', `${path}/${made.id}`, change);
      expect(changed.as(one)).toMatchObject({ ...text, ...change, id: made.id });
      expect((await ada.call('PATCH', `${path}/${made.id}`, {})).as(one)).toMatchObject({ ...text, ...change });
      expect((await ada.call('DELETE', `${path}/${made.id}`)).status).toBe(204);
      expect((await ada.call('DELETE', `${path}/${made.id}`)).error.code).toBe('not_found');
      expect((await ada.call('PATCH', `${path}/${made.id}`, change)).error.code).toBe('not_found');
    });

    it("are listed with the library's, and to nobody else", async () => {
      const made = await create();
      const first = (await ada.call('GET', `${path}?limit=1`)).as(page);
      expect(first.items.map(({ id }) => id)).toEqual([made.id]);
      const next = (await ada.call('GET', `${path}?limit=1&cursor=${first.nextCursor}`)).as(page);
      expect(next.items).toMatchObject([{ id: libraryId, source: 'library' }]);
      expect(next.nextCursor).toBeUndefined();
      expect((await eve.call('GET', path)).as(page).items.map(({ id }) => id)).toEqual([libraryId]);
      expect((await ada.call('GET', `${path}?cursor=other`)).error.code).toBe('invalid_cursor');
      await ada.call('DELETE', `${path}/${made.id}`);
    });

    it("that are another's or the library's are nobody's to change", async () => {
      const { id } = await create();
      for (const foreign of [id, libraryId, 'none']) {
        expect((await eve.call('PATCH', `${path}/${foreign}`, change)).error.code).toBe('not_found');
        expect((await eve.call('DELETE', `${path}/${foreign}`)).error.code).toBe('not_found');
      }
      expect((await ada.call('DELETE', `${path}/${id}`)).status).toBe(204);
    });

    it('are at most 100', async () => {
      const greedy = await server.client({ role: 'user' });
      await Promise.all(Array.from({ length: 99 }, () => create(greedy)));
      const last = await Promise.all([1, 2, 3].map(() => greedy.call('POST', path, text)));
      expect(last.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
      expect(last.find(({ status }) => status === 409)?.error.code).toBe('too_many_items');
    });
  });

  it.each([
    ['POST', '/api/characters', { ...fox, name: ' ' }],
    ['POST', '/api/characters', { ...fox, name: 'x'.repeat(61) }],
    ['POST', '/api/characters', { ...fox, who: '' }],
    ['POST', '/api/characters', { ...fox, traits: [] }],
    ['POST', '/api/characters', { ...fox, traits: Array(7).fill('x') }],
    ['POST', '/api/characters', { ...fox, traits: ['\n'] }],
    ['POST', '/api/characters', { name: 'Fenna' }],
    ['PATCH', '/api/characters/x', { traits: [] }],
    ['POST', '/api/scenes', { ...pond, place: 'x'.repeat(101) }],
    ['POST', '/api/scenes', { ...pond, events: [] }],
    ['POST', '/api/scenes', { ...pond, events: [7] }],
    ['POST', '/api/prompts', { ...hello, text: '' }],
    ['POST', '/api/prompts', { ...hello, text: 'x'.repeat(4_001) }],
    ['POST', '/api/prompts', { ...hello, text: Array.from({ length: 21 }, (_, n) => `{{v${n}}}`).join('') }],
    ['PATCH', '/api/prompts/x', { text: Array.from({ length: 21 }, (_, n) => `{{v${n}}}`).join('') }],
    ['POST', '/api/prompts/the-day/fill', {}],
    ['POST', '/api/prompts/the-day/fill', { values: { name: 'Mila' } }],
    ['POST', '/api/prompts/the-day/fill', { values: { name: 'Mila', other: 'x'.repeat(501) } }],
    ['POST', '/api/prompts/the-day/fill', { values: ['Mila'] }],
    ['PATCH', '/api/story-settings', { readerAge: 1 }],
    ['PATCH', '/api/story-settings', { readerAge: 15 }],
    ['PATCH', '/api/story-settings', { language: 'xx' }],
    ['PATCH', '/api/story-settings', { minutes: 4 }],
    ['PATCH', '/api/story-settings', { themes: Array(11).fill('x') }],
    ['PATCH', '/api/story-settings', { avoid: [''] }],
    ['PATCH', '/api/story-settings', { style: 'x'.repeat(201) }],
  ])('refuses %s %s %j', async (method, path, body) => {
    const { status, error } = await ada.call(method, path, body);
    expect([status, error.code]).toEqual([400, 'invalid_request']);
    expect(error.details?.length).toBeGreaterThan(0);
  });

  it('takes lines that neither break nor turn round, and whole letters', async () => {
    const odd = { name: ' Fen\u0000\u0007na\n', who: 'A \ud800 fox.', traits: ['a\tb'] };
    expect((await ada.call('POST', '/api/characters', odd)).as(character)).toMatchObject({
      name: 'Fen na',
      who: 'A \ufffd fox.',
      traits: ['a b'],
    });
    const turned = await ada.call('PATCH', '/api/story-settings', { readerName: ' Mi\r\nBcc:\u202ela\u2066 ' });
    expect(turned.as(storySettings).readerName).toBe('Mi Bcc: la');
    await ada.call('PATCH', '/api/story-settings', { readerName: '' });
  });

  it('fills a prompt in, once', async () => {
    const values = { name: '{{other}}', other: '{{name}}' };
    const filled = await ada.call('POST', '/api/prompts/the-day/fill', { values });
    expect(filled.as(filledPrompt).text).toBe('Hello {{other}}, {{other}} and {{name}}');
    const { error } = await ada.call('POST', '/api/prompts/the-day/fill', { values: {} });
    expect(error.details?.map(({ path }) => path)).toEqual(['values.name', 'values.other']);
    const { id } = (await ada.call('POST', '/api/prompts', hello)).as(prompt);
    expect((await eve.call('POST', `/api/prompts/${id}/fill`, { values })).error.code).toBe('not_found');
  });

  it('keeps how stories are written, what is not named as it was, also of two who change at once', async () => {
    const client = await server.client({ role: 'user' });
    const plain = (await client.call('GET', '/api/story-settings')).as(storySettings);
    expect(plain).toMatchObject({ readerAge: 6, minutes: 5, language: 'en' });
    await Promise.all([
      client.call('PATCH', '/api/story-settings', { readerName: 'Mila' }),
      client.call('PATCH', '/api/story-settings', { themes: ['the sea'], readerAge: 4 }),
    ]);
    const changed = (await client.call('PATCH', '/api/story-settings', {})).as(storySettings);
    expect(changed).toEqual({ ...plain, readerName: 'Mila', themes: ['the sea'], readerAge: 4 });
    const cleared = await client.call('PATCH', '/api/story-settings', { readerName: '', themes: [] });
    expect(cleared.as(storySettings)).toEqual({ ...plain, readerAge: 4 });
  });
});
