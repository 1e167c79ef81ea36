import { afterEach, describe, expect, it } from 'vitest';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { beginStory } from './begin-story.ts';
import { copyStory, copyStoryEnd } from './copy-story.ts';
import { deleteStory } from './delete-story.ts';
import { recallStories } from './memories.ts';
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

describe('what a story was about', () => {
  /** The same ports, with something that happens just before a first memory is stored. */
  function beforeRemembering({ stories, ...others }: StoryPorts, happens: () => Promise<void>): StoryPorts {
    const real = stories.memories;
    const get: typeof real.get = (...asked) => real.get(...asked);
    const update: typeof real.update = (...change) => real.update(...change);
    const insertMissing: typeof real.insertMissing = async (...docs) => {
      await happens();
      return real.insertMissing(...docs);
    };
    const memories: typeof real = Object.assign(Object.create(real), { get, insertMissing, update });
    return { ...others, stories: { ...stories, memories } };
  }

  it('is forgotten with a story that is deleted while it is remembered', async () => {
    const run = await openTold();
    const { ownerId } = run;
    const ports = beforeRemembering(app.stories, () => deleteStory(app.stories, ownerId, 'story-1'));
    await copyStoryEnd(ports, run);
    expect(await recallStories(app.stories, { ownerId })).toEqual([]);
  });

  it('is forgotten with a story that ends while it is deleted', async () => {
    const run = await openTold();
    const { ownerId } = run;
    await copyStory(app.stories, run);
    const { stories } = app.stories.stories;
    const update: typeof stories.update = async (...change) => {
      await copyStoryEnd(app.stories, run);
      return stories.update(...change);
    };
    const get: typeof stories.get = (...asked) => stories.get(...asked);
    const ports: StoryPorts = {
      ...app.stories,
      stories: { ...app.stories.stories, stories: Object.assign(Object.create(stories), { update, get }) },
    };
    await deleteStory(ports, ownerId, 'story-1');
    expect(await stories.get('story-1')).toMatchObject({ deleted: true });
    expect(await recallStories(app.stories, { ownerId })).toEqual([]);
  });
});
