import { afterEach, expect, it } from 'vitest';
import { type StoryRequest, storyRequest } from '#contract/stories.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { createStory } from './create-story.ts';
import type { StoryPorts } from './story-ports.ts';

let app: TestChat;
afterEach(() => app.close());

/** The same ports, where the two looks before a story is begun find nothing: as it goes where two look before either has stored it. */
function blindAtFirst(ports: StoryPorts): StoryPorts {
  const { chat } = ports;
  const { runs } = chat.records;
  let looked = 0;
  const find: typeof runs.find = async (query) => (looked++ < 2 ? { items: [] } : runs.find(query));
  const getMany: typeof runs.getMany = (...asked) => runs.getMany(...asked);
  const update: typeof runs.update = (...change) => runs.update(...change);
  const blind: typeof runs = Object.assign(Object.create(runs), { find, getMany, update });
  return { ...ports, chat: { ...chat, records: { ...chat.records, runs: blind } } };
}

it('gives whoever asks twice at once the one story, also where it was the last of the day', async () => {
  app = await createTestChat();
  await app.foundation.runtime.change({ storiesPerDay: 1 });
  const person = await app.signIn();
  const request: StoryRequest = storyRequest.parse({ clientStoryId: 'one' });
  const { id } = await createStory(app.stories, person, request);
  expect((await createStory(blindAtFirst(app.stories), person, request)).id).toBe(id);
  expect((await app.stories.storyLimit.peek(person.id)).used).toBe(1);
  const another = { ...request, clientStoryId: 'two' };
  await expect(createStory(app.stories, person, another)).rejects.toMatchObject({ code: 'rate_limited' });
});
