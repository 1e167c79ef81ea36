import { stopRun } from '#domain/runs/stop-run.ts';
import { tellPerson } from '#domain/runs/tell-person.ts';
import type { Where } from '#platform/store/store.ts';
import { getOwnStory } from './find-story.ts';
import { forgetStory } from './memories.ts';
import type { StoryPorts } from './story-ports.ts';
import type { StoryRecord } from './story-records.ts';

/** What a tombstone keeps is what the sweep needs: the run and the blobs that go with it. */
const text = ['told', 'error', 'followUps', 'favouriteSlot', 'favourite', 'scheduledFor'];

/** Deletes a story: nobody sees it from now on, and the sweep removes the rest. Throws `not_found`. */
export async function deleteStory(ports: StoryPorts, ownerId: string, id: string): Promise<void> {
  const story = await getOwnStory(ports, ownerId, id);
  await forgetStory(ports, story, id);
  await buryStory(ports, story);
  // One that came to its end between the two was remembered.
  await forgetStory(ports, story, id);
}

/** Leaves a tombstone where `condition` holds, stops the writing of the story, and tells its owner's pages. False where it does not hold. */
export async function buryStory(
  ports: StoryPorts,
  { _id, ownerId }: Pick<StoryRecord, '_id' | 'ownerId'>,
  condition: Where = {},
): Promise<boolean> {
  const { stories, chat } = ports;
  const set = {
    ...{ deleted: true, expiresAt: chat.clock.now() },
    ...{ shared: false, following: false, readerName: '', characters: [], scenes: [] },
  };
  const buried = await stories.stories.update(_id, { set, unset: text }, { ...condition, deleted: false }, ['_id']);
  if (!buried) return false;
  await stopLive(ports, _id);
  await tellPerson(chat, ownerId, { kind: 'story_changed', storyId: _id });
  return true;
}

/** Whether the story was being written; it ends a moment later. */
export async function stopLive({ chat }: StoryPorts, storyId: string): Promise<boolean> {
  const live = await chat.records.runs.find({ where: { slot: storyId }, limit: 1, fields: ['status'] });
  for (const run of live.items) await stopRun(chat, run._id);
  return live.items.length > 0;
}

/** Leaves tombstones on up to `limit` stories of a person. Returns how many there were. */
export async function deleteStoriesOf(ports: StoryPorts, ownerId: string, limit: number): Promise<number> {
  const { items } = await ports.stories.stories.find({
    where: { ownerId, deleted: false },
    sort: { by: ['createdAt'], direction: 'desc' },
    limit,
    fields: ['ownerId'],
  });
  for (const story of items) await buryStory(ports, story);
  return items.length;
}

/** Whether anything of a person's stories is still stored: a tombstone is the last of one. */
export const hasStories = async ({ stories }: Pick<StoryPorts, 'stories'>, ownerId: string): Promise<boolean> =>
  (await stories.stories.count({ ownerId, deleted: { in: [true, false] } })) > 0;
