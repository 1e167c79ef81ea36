import type { Story } from '#contract/stories.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { notFound } from '#platform/errors.ts';
import type { Page } from '#platform/store/store.ts';
import { copyStory } from './copy-story.ts';
import { presentStory, shownOfRun } from './present-story.ts';
import type { StoryPorts } from './story-ports.ts';
import type { StoryRecord } from './story-records.ts';

/** A story of this person's. Throws `not_found`, also for someone else's, a deleted one, and one whose time is over. */
export async function getOwnStory(ports: StoryPorts, ownerId: string, id: string): Promise<StoryRecord> {
  const story = (await ports.stories.stories.get(id)) ?? (await copyOfRun(ports, id));
  if (!story || story.ownerId !== ownerId || !isThere(ports, story)) throw notFound('story');
  return story;
}

export const isThere = ({ chat }: Pick<StoryPorts, 'chat'>, { deleted, expiresAt }: StoryRecord): boolean =>
  !deleted && expiresAt > chat.clock.now();

/** False once the owner was deleted: what they gave out opens nothing from then on, before the sweep comes to it. */
export async function hasOwner(
  { accounts }: { readonly accounts: Pick<StoryPorts['accounts'], 'records'> },
  { ownerId }: Pick<StoryRecord, 'ownerId'>,
): Promise<boolean> {
  return (await accounts.records.people.get(ownerId, ['deleted']))?.deleted !== true;
}

/** The first copy of a story may still be missing, or have failed, while its person has its ID from the run. */
async function copyOfRun(ports: StoryPorts, storyId: string): Promise<StoryRecord | undefined> {
  const query = { where: { conversationId: storyId }, sort: { by: ['depth'], direction: 'asc' }, limit: 1 } as const;
  const [run] = (await ports.chat.records.runs.find(query)).items;
  if (run?.kind !== 'story') return undefined;
  await copyStory(ports, run);
  return ports.stories.stories.get(storyId);
}

export async function showStory(ports: StoryPorts, ownerId: string, id: string): Promise<Story> {
  const [shown] = await presentStories(ports, [await getOwnStory(ports, ownerId, id)]);
  if (!shown) throw notFound('story');
  return shown;
}

export interface StoryQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly favourites?: boolean | undefined;
}

/** A person's stories, or their favourites alone, the latest first. */
export async function listStories(
  ports: StoryPorts,
  ownerId: string,
  { cursor, limit, favourites }: StoryQuery,
): Promise<Page<Story>> {
  const where = favourites ? { ownerId, favourite: true } : { ownerId, deleted: false };
  const sort = { by: ['createdAt'], direction: 'desc' } as const;
  const { items, ...rest } = await ports.stories.stories.find({ where, sort, limit, cursor });
  const there = items.filter((story) => isThere(ports, story));
  return { items: await presentStories(ports, there), ...rest };
}

/** With what their runs have of those that are not told. */
export async function presentStories(ports: StoryPorts, stories: readonly StoryRecord[]): Promise<Story[]> {
  const untold = stories.filter(({ told }) => !told).map(({ runId }) => runId);
  const runs: readonly RunRecord[] = untold.length > 0 ? await ports.chat.records.runs.getMany(untold, shownOfRun) : [];
  const byId = new Map(runs.map((run) => [run._id, run]));
  return stories.map((story) => presentStory(ports, story, byId.get(story.runId)));
}
