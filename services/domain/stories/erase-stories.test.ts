import { afterEach, expect, it } from 'vitest';
import { story, storyLink } from '#contract/stories.ts';
import { erasersOf } from '#domain/accounts/erase-person.ts';
import { foldUsage } from '#domain/usage/fold-usage.ts';
import { waitFor } from '#tests/servers/child.ts';
import { TestClient } from '#tests/servers/test-client.ts';
import { openTestStories, type TestStories, tellStory } from './stories.fixture.ts';
import type { StoryPorts } from './story-ports.ts';
import { sweepStories } from './sweep-stories.ts';

let app: TestStories;
afterEach(() => app.close());

it('what somebody gave out opens nothing from the moment they are deleted, before any sweep', async () => {
  app = await openTestStories();
  const told = await tellStory(app.client);
  const picture = await waitFor(async () => {
    const { url } = (await app.client.call('GET', `/api/stories/${told.id}`)).as(story).picture;
    return url;
  });
  const { url } = (await app.client.call('POST', `/api/stories/${told.id}/link`)).as(storyLink);
  const body = { token: new URL(url).hash.replace('#token=', '') };
  const nobody = new TestClient(app.server.url, '');
  const statuses = async () => [
    (await nobody.call('POST', '/api/story-links/open', body)).status,
    (await fetch(app.server.url + picture)).status,
  ];
  expect(await statuses()).toEqual([200, 200]);
  expect((await app.client.call('POST', '/api/me/delete', {})).status).toBe(204);
  expect((await app.stories.stories.stories.get(told.id))?.deleted).toBe(false);
  expect(await statuses()).toEqual([400, 404]);
});

it('what is kept of a person’s stories, and of what they are made of, is erased with them, and nobody else’s', async () => {
  app = await openTestStories();
  const other = await app.server.client();
  for (const client of [app.client, other]) {
    await tellStory(client, { idea: 'heron' });
    await client.call('POST', '/api/characters', { name: 'Otto', who: 'An owl.', traits: ['calm'] });
    await client.call('PATCH', '/api/story-settings', { readerName: 'Mila' });
  }
  const { stories, library } = app.stories;
  const [first, second] = (await Promise.all([app.client, other].map((client) => client.call('GET', '/api/me')))).map(
    ({ text }) => (JSON.parse(text) as { id: string }).id,
  );
  const { first: now, last } = erasersOf(app.foundation.accounts, app.chat, app.stories);
  const erased = async (erasers: typeof now) => {
    const done: boolean[] = [];
    for (const erase of erasers) done.push(await erase(first ?? ''));
    return done.every(Boolean);
  };
  await erased(now);
  expect(await erased(now)).toBe(true);
  expect(await erased(last)).toBe(false);
  const later: StoryPorts = {
    ...app.stories,
    chat: { ...app.chat, clock: { ...app.chat.clock, now: () => Date.now() + 2 * 3_600_000 } },
  };
  for (let pass = 0; pass < 2; pass += 1) {
    await sweepStories(later);
    await stories.stories.update((await anyOf(first ?? '')) ?? '', { set: { expiresAt: 1 } });
  }
  expect(await anyOf(first ?? '')).toBeUndefined();
  while (await foldUsage({ records: app.chat.usage, newId: app.chat.newId }));
  await expect.poll(() => erased(last)).toBe(true);
  for (const collection of [library.characters, stories.memories, stories.stories] as const) {
    const where = collection === stories.stories ? { deleted: false } : {};
    expect(await collection.count({ ownerId: first ?? '', ...where })).toBe(0);
    expect(await collection.count({ ownerId: second ?? '', ...where })).toBe(1);
  }
  expect(await library.storySettings.get(first ?? '')).toBeUndefined();
});

const anyOf = async (ownerId: string): Promise<string | undefined> => {
  const sort = { by: ['createdAt'], direction: 'asc' } as const;
  const where = { ownerId, deleted: true };
  return (await app.stories.stories.stories.find({ where, sort, limit: 1 })).items[0]?._id;
};
