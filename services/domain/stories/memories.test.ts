import { afterEach, expect, it } from 'vitest';
import { recallStories, rememberStory } from './memories.ts';
import { openTestStories, type TestStories } from './stories.fixture.ts';
import { storyMessages } from './story-prompt.ts';
import { type StoryOrder, storyMade } from './story-records.ts';

let app: TestStories;
afterEach(() => app.close());

it('the writer is told what the last ten stories were about, each once, and nothing of those before or of others', async () => {
  app = await openTestStories();
  const mila = { ownerId: 'ada', scheduleId: 'mila' };
  for (let count = 1; count <= 12; count += 1) {
    const story = { storyId: `${count}`, title: `Title ${count}`, summary: `About ${count}.` };
    await rememberStory(app.stories, mila, story);
    await rememberStory(app.stories, mila, story);
  }
  await rememberStory(app.stories, { ownerId: 'ada' }, { storyId: 'x', title: 'On demand', summary: 'Another.' });

  const order: StoryOrder = {
    settings: { readerName: '', readerAge: 6, language: 'en', minutes: 3, themes: [], avoid: [], style: '' },
    characters: [],
    scenes: [],
    idea: '',
    conversation: [],
  };
  const messages = storyMessages(order, await recallStories(app.stories, mila), storyMade.parse({}));
  const asked = JSON.parse(messages.find(({ role }) => role === 'user')?.content ?? '') as { toldLately: string[] };
  expect(asked.toldLately).toEqual(Array.from({ length: 10 }, (_, at) => `Title ${at + 3}: About ${at + 3}.`));
});
