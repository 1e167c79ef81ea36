import { afterEach, beforeEach, expect, it } from 'vitest';
import { longestPutMs } from '#platform/blobs/blobs.ts';
import { openStoryRecords } from '../story-records.ts';
import { askForFollowUps } from './ask-for-follow-ups.ts';
import { type FollowUpWorld, openFollowUpWorld } from './follow-ups.fixture.ts';

let world: FollowUpWorld;
beforeEach(async () => {
  world = await openFollowUpWorld();
});
afterEach(() => world.close());

it('is spoken for longer than a blob may take to be written, and is there whole at the first try', async () => {
  const app = world.process();
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  world.speech.before = () => {
    begun.resolve();
    return end.promise;
  };
  app.work(['narration']);
  await askForFollowUps(app.ports, await world.addStory());
  await begun.promise;
  await world.time.advance(longestPutMs + 60_000);
  end.resolve();
  const story = await world.until(async () => {
    const told = await openStoryRecords(world.store).stories.get('story-1');
    return told?.followUps?.narration.state === 'ready' ? told : undefined;
  });
  expect(story.followUps?.narration.tries).toBe(1);
  const { size = 0 } = (await world.blobs.info(story.narration?.blobId ?? '')) ?? {};
  expect((size * 8) / 48_000).toBeCloseTo(story.narration?.seconds ?? 0, 6);
});
