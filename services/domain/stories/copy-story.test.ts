import { afterEach, expect, it } from 'vitest';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { beginStory } from './begin-story.ts';
import { copyStory, copyStoryEnd } from './copy-story.ts';
import { storyOrderOf } from './story-order.fixture.ts';
import type { StoryPorts } from './story-ports.ts';
import type { StoryRecord } from './story-records.ts';

let app: TestChat;
afterEach(() => app.close());

const order = storyOrderOf();
const told = {
  title: 'The lamp',
  summary: 'A lamp.',
  parts: ['Once.'],
  moral: 'Sleep.',
  pictureAlt: 'A lamp.',
  picturePrompt: 'A lamp.',
  moderation: 'none',
} as const;

/** A run that was told to its end, while nothing of its story is in the store. */
async function openTold(): Promise<RunRecord> {
  app = await createTestChat();
  const person = await app.signIn();
  const ids = { storyId: 'story-1', runId: 'run-1' };
  const { run } = await beginStory(app.stories, { person, ids, clientMessageId: 'c', order, model: 'scripted' });
  await app.stories.stories.stories.delete('story-1');
  return { ...run, status: 'complete', endedAt: app.chat.clock.now(), made: { rewrites: 0, told } };
}

/** The same ports, with something that happens behind each update of a story that found nothing. */
function afterMiss({ stories, ...others }: StoryPorts, happens: () => Promise<void>): StoryPorts {
  const real = stories.stories;
  const update: typeof real.update = async (...change) => {
    const updated = await real.update(...change);
    if (!updated) await happens();
    return updated;
  };
  const get: typeof real.get = (...asked) => real.get(...asked);
  const insertMissing: typeof real.insertMissing = (docs: readonly StoryRecord[]) => real.insertMissing(docs);
  return {
    ...others,
    stories: { ...stories, stories: Object.assign(Object.create(real), { update, get, insertMissing }) },
  };
}

it('ends a story that is copied by whoever began it in the middle of its end', async () => {
  const run = await openTold();
  await copyStoryEnd(
    afterMiss(app.stories, () => copyStory(app.stories, run)),
    run,
  );
  expect(await app.stories.stories.stories.get('story-1')).toMatchObject({ status: 'ready', told });
});

it('ends a story that nobody copied, once', async () => {
  const run = await openTold();
  await copyStoryEnd(app.stories, run);
  const ended = await app.stories.stories.stories.get('story-1');
  expect(ended).toMatchObject({ status: 'ready', told });
  await copyStoryEnd(app.stories, { ...run, status: 'failed' });
  expect(await app.stories.stories.stories.get('story-1')).toEqual(ended);
});
