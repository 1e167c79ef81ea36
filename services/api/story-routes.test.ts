import { afterEach, describe, expect, it } from 'vitest';
import { openedStory, storyLink, storyPage } from '#contract/stories.ts';
import { askStory, openTestStories, readStory, type TestStories, tellStory } from '#domain/stories/stories.fixture.ts';
import { storyLinkUrl } from '#domain/stories/story-links.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import { sweepStories } from '#domain/stories/sweep-stories.ts';
import { directive } from '#tests/model-server/directive.ts';

let app: TestStories;
afterEach(() => app.close());
const open = async (options: Parameters<typeof openTestStories>[0] = {}) => {
  app = await openTestStories(options);
  return app.client;
};
const hour = 3_600_000;
/** The same ports at a later time. */
const later = (ms: number): StoryPorts => {
  const { chat } = app.stories;
  return { ...app.stories, chat: { ...chat, clock: { ...chat.clock, now: () => chat.clock.now() + ms } } };
};
const noStories = {
  ttlMs: 48 * hour,
  favourites: 2,
  concurrency: 10,
  libraryDir: 'library',
  publicUrl: 'http://lamplight.test',
};

describe('POST /api/stories', () => {
  it('gives the same story for the same clientStoryId, before any limit and whatever became of its material', async () => {
    const client = await open();
    const character = { name: 'Otto', who: 'An owl.', traits: ['calm'] };
    const made = await client.call('POST', '/api/characters', character);
    const { id: characterId } = JSON.parse(made.text) as { id: string };
    const asked = { clientStoryId: 'one', characterIds: [characterId], idea: 'x' };
    const first = await askStory(client, asked);
    expect(first.characters).toEqual(['Otto']);
    await client.call('DELETE', `/api/characters/${characterId}`);
    await app.foundation.runtime.change({ storiesPerDay: 0 });
    expect((await askStory(client, asked)).id).toBe(first.id);
    expect((await client.call('POST', '/api/stories', { ...asked, idea: 'y' })).error.code).toBe('message_id_reused');
    expect(await app.stories.stories.stories.count({ ownerId: await ownerOf(first.id), deleted: false })).toBe(1);
  });

  it('begins one story for the same clientStoryId, however many ask at once, and takes one of the day', async () => {
    const client = await open();
    await app.foundation.runtime.change({ storiesPerDay: 2 });
    const asked = await Promise.all(
      Array.from({ length: 8 }, () => client.call('POST', '/api/stories', { clientStoryId: 'p' })),
    );
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(asked.map(({ text }) => (JSON.parse(text) as { id: string }).id)).size).toBe(1);
    await askStory(client, { clientStoryId: 'q' });
    expect((await client.call('POST', '/api/stories', {})).error).toMatchObject({ code: 'rate_limited' });
    const { items } = await app.chat.budgets.withReservations(10, undefined);
    expect(items.flatMap(({ reservations }) => reservations).length).toBeLessThanOrEqual(2);
  });

  it('is refused without a trace where the budget does not cover it, and gives the day back', async () => {
    const client = await open({ limits: { guestDailyTokens: 100 } });
    await app.foundation.runtime.change({ storiesPerDay: 1 });
    expect((await client.call('POST', '/api/stories', {})).error.code).toBe('budget_spent');
    await app.foundation.runtime.change({ budgets: { guest: 1_000_000 } });
    expect((await tellStory(client)).status).toBe('ready');
    const { items } = await app.chat.budgets.withReservations(10, undefined);
    expect(items).toEqual([]);
  });

  it.each([
    ['a character of nobody', { characterIds: ['none'] }, 'not_found'],
    ['a scene of nobody', { sceneIds: ['none'] }, 'not_found'],
    ['a prompt of nobody', { promptId: 'none' }, 'not_found'],
    ['a conversation of nobody', { conversationId: 'none' }, 'not_found'],
    ['a model that there is not', { model: 'none' }, 'unknown_model'],
    ['an idea and a prompt', { idea: 'x', promptId: 'y' }, 'invalid_request'],
    ['a length that there is not', { settings: { minutes: 4 } }, 'invalid_request'],
  ])('refuses %s', async (_what, asked, code) => {
    const client = await open();
    expect((await client.call('POST', '/api/stories', asked)).error.code).toBe(code);
    expect(app.modelServer.calls()).toEqual([]);
  });

  it('is about what a saved prompt says once it is filled in, with who and where was chosen', async () => {
    const client = await open();
    const idOf = async (path: string, body: object) =>
      (JSON.parse((await client.call('POST', path, body)).text) as { id: string }).id;
    const promptId = await idOf('/api/prompts', { title: 'Sea', text: 'A walk with {{name}} to the {{place}}.' });
    const characterId = await idOf('/api/characters', { name: 'Otto', who: 'An owl.', traits: ['calm'] });
    const sceneId = await idOf('/api/scenes', { place: 'A pond', mood: 'still', events: ['It rains.'] });
    const promptValues = { name: 'Ida', place: 'lighthouse' };
    const asked = { promptId, promptValues, characterIds: [characterId], sceneIds: [sceneId] };
    const { runId } = await askStory(client, asked);
    expect((await app.chat.records.runs.get(runId))?.order).toMatchObject({
      idea: 'A walk with Ida to the lighthouse.',
      characters: [{ name: 'Otto', traits: ['calm'] }],
      scenes: [{ place: 'A pond' }],
    });
  });

  it('takes up a conversation, which is not somebody else’s', async () => {
    const client = await open();
    const { conversationId } = await client.ask('We saw a heron today.').then((answer) => answer.run);
    await tellStory(client, { conversationId });
    const order = app.modelServer.calls().find(({ text }) => text.startsWith('{'))?.text ?? '';
    expect(JSON.parse(order)).toMatchObject({ conversation: [{ role: 'user', text: 'We saw a heron today.' }, {}] });
    const other = await app.server.client();
    expect((await other.call('POST', '/api/stories', { conversationId })).error.code).toBe('not_found');
  });
});

describe('a story', () => {
  it('is its owner’s alone, and no conversation', async () => {
    const client = await open();
    const { id } = await tellStory(client);
    const other = await app.server.client();
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/link'],
      ['DELETE', '/link'],
    ] as const)
      expect((await other.call(method, `/api/stories/${id}${path}`)).status).toBe(404);
    expect((await other.call('PATCH', `/api/stories/${id}`, { favourite: true })).status).toBe(404);
    expect((await client.call('GET', `/api/conversations/${id}`)).status).toBe(404);
    const sent = await client.call('POST', '/api/chat/send-simple', { conversationId: id, text: 'Hello' });
    expect(sent.status).toBe(404);
    expect((await other.call('GET', '/api/stories')).as(storyPage).items).toEqual([]);
  });

  it('is listed with the latest first, page by page, and as a favourite', async () => {
    const client = await open();
    const ids: string[] = [];
    for (const idea of ['a', 'b', 'c']) ids.unshift((await tellStory(client, { idea })).id);
    const first = (await client.call('GET', '/api/stories?limit=2')).as(storyPage);
    const second = (await client.call('GET', `/api/stories?limit=2&cursor=${first.nextCursor}`)).as(storyPage);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    await client.call('PATCH', `/api/stories/${ids[1]}`, { favourite: true });
    const favourites = (await client.call('GET', '/api/stories?favourites=true')).as(storyPage);
    expect(favourites.items).toMatchObject([{ id: ids[1], favourite: true }]);
  });

  it('is kept as a favourite beyond its time, no more of them than allowed, and gone after it is let go', async () => {
    const client = await open({ stories: { settings: noStories } });
    const ids = await Promise.all(['a', 'b', 'c', 'd'].map(async (idea) => (await tellStory(client, { idea })).id));
    const kept = await Promise.all(ids.map((id) => client.call('PATCH', `/api/stories/${id}`, { favourite: true })));
    expect(kept.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409]);
    expect(kept.find(({ status }) => status === 409)?.error.code).toBe('too_many_items');
    await sweepStories(later(100 * hour));
    await sweepStories(later(100 * hour));
    const left = (await client.call('GET', '/api/stories')).as(storyPage).items;
    expect(left.map(({ favourite, expiresAt }) => [favourite, expiresAt])).toEqual([
      [true, undefined],
      [true, undefined],
    ]);
    const letGo = await client.call('PATCH', `/api/stories/${left[0]?.id}`, { favourite: false });
    expect(letGo.status).toBe(200);
    expect((await readStory(client, left[0]?.id ?? '')).expiresAt).toBeDefined();
    await sweepStories(later(49 * hour));
    expect((await client.call('GET', '/api/stories')).as(storyPage).items.map(({ id }) => id)).toEqual([left[1]?.id]);
  });

  it('is opened by its link as long as that is not withdrawn, by nobody’s name', async () => {
    const client = await open();
    const { id } = await tellStory(client, { settings: { readerName: 'Mila' } });
    const opens = async (url: string) => {
      const token = new URL(url).hash.replace('#token=', '');
      return client.call('POST', '/api/story-links/open', { token }, { headers: { authorization: '' } });
    };
    const hidden = storyLinkUrl(app.stories, { _id: id, linkVersion: 1 });
    expect((await opens(hidden)).error.code).toBe('link_invalid');
    const { url } = (await client.call('POST', `/api/stories/${id}/link`)).as(storyLink);
    expect(url).toBe(hidden);
    const opened = await opens(url);
    expect(opened.headers.get('x-robots-tag')).toBe('noindex');
    expect(opened.as(openedStory)).toMatchObject({ title: expect.any(String), readerName: 'Mila' });
    expect(opened.text).not.toContain(await ownerOf(id));
    for (const forged of [`${url}x`, url.replace('.1.', '.2.'), url.replace('.1.', '.01.')])
      expect((await opens(forged)).error.code).toBe('link_invalid');
    expect((await client.call('DELETE', `/api/stories/${id}/link`)).status).toBe(204);
    expect((await client.call('DELETE', `/api/stories/${id}/link`)).status).toBe(204);
    expect((await opens(url)).error.code).toBe('link_invalid');
    const { url: next } = (await client.call('POST', `/api/stories/${id}/link`)).as(storyLink);
    expect(next).not.toBe(url);
    expect((await opens(next)).status).toBe(200);
    await client.call('DELETE', `/api/stories/${id}`);
    expect((await opens(next)).error.code).toBe('link_invalid');
  });

  it('that is deleted is gone at once, and with it its picture, its run and at last its tombstone', async () => {
    const client = await open();
    const { id, runId } = await tellStory(client);
    await expect.poll(async () => (await readStory(client, id)).picture.state).toBe('ready');
    const { picture } = (await app.stories.stories.stories.get(id)) ?? {};
    expect((await client.call('DELETE', `/api/stories/${id}`)).status).toBe(204);
    expect((await client.call('GET', `/api/stories/${id}`)).status).toBe(404);
    expect(JSON.stringify(await app.stories.stories.stories.get(id))).not.toContain('window');
    await sweepStories(later(1));
    expect(await app.chat.records.runs.get(runId)).toBeUndefined();
    expect(await app.foundation.blobs.info(picture?.blobId ?? '')).toBeUndefined();
    expect(await app.stories.stories.stories.get(id)).toMatchObject({ deleted: true, purged: true });
    await sweepStories(later(2 * hour));
    expect(await app.stories.stories.stories.get(id)).toBeUndefined();
  });

  it('that is deleted while it is written is stopped, and does not come back', async () => {
    const client = await open();
    const { id, runId } = await askStory(client, { idea: directive({ tokensPerSecond: 10 }) });
    await expect.poll(async () => (await app.chat.records.runs.get(runId))?.status).toBe('running');
    expect((await client.call('PATCH', `/api/stories/${id}`, { favourite: true })).error.code).toBe('conflict');
    expect((await client.call('POST', `/api/stories/${id}/link`)).error.code).toBe('conflict');
    await client.call('DELETE', `/api/stories/${id}`);
    await expect.poll(async () => (await app.chat.records.runs.get(runId))?.status, { timeout: 5_000 }).toBe('stopped');
    await sweepStories(later(1));
    await app.sweep.sweep();
    expect(await app.stories.stories.stories.get(id)).toMatchObject({ deleted: true });
    expect((await client.call('GET', '/api/stories')).as(storyPage).items).toEqual([]);
  });

  it('is not shown when its time is over, before it is swept', async () => {
    const client = await open();
    const { id } = await tellStory(client);
    await app.stories.stories.stories.update(id, { set: { expiresAt: 1 } });
    expect((await client.call('GET', `/api/stories/${id}`)).status).toBe(404);
    expect((await client.call('GET', '/api/stories')).as(storyPage).items).toEqual([]);
  });

  it('stands in what its owner takes home, without addresses that open it', async () => {
    const client = await open();
    await tellStory(client, { idea: 'heron' });
    const exported = JSON.parse((await client.call('GET', '/api/me/export')).text) as Record<string, unknown[]>;
    expect(exported['stories']).toMatchObject([{ status: 'ready', parts: expect.any(Array) }]);
    expect(JSON.stringify(exported)).not.toContain('signature=');
    for (const name of ['characters', 'scenes', 'prompts', 'schedules', 'storySettings'])
      expect(exported).toHaveProperty(name);
  });

  it('is told to its owner alone as far as it is remembered for the next ones', async () => {
    const client = await open();
    const { id, title, summary } = await tellStory(client);
    const ownerId = await ownerOf(id);
    const told = { storyId: 'before', title: 'A fox', summary: 'A fox sleeps.' };
    const remember = (memory: object) =>
      app.stories.stories.memories.insert({ _id: 'of-schedule', ownerId, stories: [told], version: 1, ...memory });
    await remember({});
    await remember({ _id: 'of-eve', ownerId: 'eve', stories: [{ ...told, title: 'Eve’s' }] });
    const { text } = await client.call('GET', '/api/me/export');
    const { storyMemories } = JSON.parse(text) as { storyMemories: object[] };
    expect(storyMemories).toHaveLength(2);
    expect(storyMemories).toEqual(
      expect.arrayContaining([
        { stories: [{ storyId: id, title, summary }] },
        { scheduleId: 'of-schedule', stories: [told] },
      ]),
    );
    expect(text).not.toContain('Eve’s');
  });
});

const ownerOf = async (id: string): Promise<string> => (await app.stories.stories.stories.get(id))?.ownerId ?? '';
