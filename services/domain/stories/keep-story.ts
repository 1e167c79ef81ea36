import type { Story } from '#contract/stories.ts';
import { tellPerson } from '#domain/runs/tell-person.ts';
import { AppError, isAppError, notFound } from '#platform/errors.ts';
import { getOwnStory, showStory } from './find-story.ts';
import type { StoryPorts } from './story-ports.ts';
import { never } from './story-records.ts';

/** Parallel requests may take the places that this one found free. */
const maxTries = 50;

/** Keeps a story as a favourite, or lets it expire. Throws `not_found`, `conflict` while it is written, `too_many_items`. */
export async function changeFavourite(
  ports: StoryPorts,
  ownerId: string,
  id: string,
  favourite: boolean,
): Promise<Story> {
  const story = await getOwnStory(ports, ownerId, id);
  if (favourite && story.status !== 'ready')
    throw new AppError('conflict', 'Only a story that is written to its end can be kept.');
  if (favourite !== (story.favouriteSlot !== undefined)) {
    await (favourite ? keep(ports, ownerId, id) : letGo(ports, id));
    await tellPerson(ports.chat, ownerId, { kind: 'story_changed', storyId: id });
  }
  return showStory(ports, ownerId, id);
}

/** Takes one of the places for favourites, each of which one story has: so that parallel requests keep no more than allowed. */
async function keep(ports: StoryPorts, ownerId: string, id: string): Promise<void> {
  const { stories } = ports.stories;
  const most = ports.settings.favourites;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const slot = await freeSlot(ports, ownerId, most);
    if (slot === undefined)
      throw new AppError(
        'too_many_items',
        `You keep ${most} favourites, which is as many as there may be. Let one go first.`,
      );
    try {
      const set = { favouriteSlot: slot, favourite: true, expiresAt: never };
      if (!(await stories.update(id, { set }, { deleted: false }, ['_id']))) throw notFound('story');
      return;
    } catch (error) {
      if (!isAppError(error, 'conflict')) throw error;
    }
  }
  throw new AppError('too_busy', 'Favourites are being changed by other requests. Try again.', { retryAfter: 1 });
}

async function freeSlot(ports: StoryPorts, ownerId: string, most: number): Promise<string | undefined> {
  const sort = { by: ['createdAt'], direction: 'asc' } as const;
  const where = { ownerId, favourite: true };
  const { items } = await ports.stories.stories.find({ where, sort, limit: 1_000, fields: ['favouriteSlot'] });
  if (items.length >= most) return undefined;
  const taken = new Set(items.map(({ favouriteSlot }) => favouriteSlot));
  for (let place = 0; place < most; place += 1) {
    const slot = `${ownerId}/${place}`;
    if (!taken.has(slot)) return slot;
  }
  return undefined;
}

/** It has its time from now on, as if it were new. */
async function letGo({ stories, chat, settings }: StoryPorts, id: string): Promise<void> {
  const set = { expiresAt: chat.clock.now() + settings.ttlMs };
  await stories.stories.update(id, { set, unset: ['favouriteSlot', 'favourite'] }, { deleted: false }, ['_id']);
}
