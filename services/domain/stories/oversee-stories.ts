import type { z } from 'zod';
import type { Story, StoryOfPerson, StoryOverview, storyOverviewQuery } from '#contract/stories.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { notFound } from '#platform/errors.ts';
import type { Page } from '#platform/store/store.ts';
import { isThere, presentStories } from './find-story.ts';
import type { StoryPorts } from './story-ports.ts';
import type { StoryRecord } from './story-records.ts';

/** Stories of all, or of one person, the latest first: what became of them, not what they tell. Throws `invalid_cursor`. */
export async function listAllStories(
  ports: StoryPorts,
  { personId, cursor, limit }: z.output<typeof storyOverviewQuery>,
): Promise<Page<StoryOverview>> {
  const where = { deleted: false, ...(personId !== undefined && { ownerId: personId }) };
  const sort = { by: ['createdAt'], direction: 'desc' } as const;
  const { items, ...rest } = await ports.stories.stories.find({ where, sort, limit, cursor });
  const there = items.filter((story) => isThere(ports, story));
  const names = await namesOf(ports, there);
  const shown = await presentStories(ports, there);
  return { items: shown.map((story, index) => overviewOf(story, ownerOf(names, there[index]))), ...rest };
}

/** A story of anybody; that `actor` read it stands in the audit log. Throws `not_found`. */
export async function readAnyStory(
  ports: StoryPorts,
  { id: actorId, address }: Actor,
  id: string,
): Promise<StoryOfPerson> {
  const record = await ports.stories.stories.get(id);
  if (!record || !isThere(ports, record)) throw notFound('story');
  const [story] = await presentStories(ports, [record]);
  if (!story) throw notFound('story');
  const entry = { action: 'story_read', outcome: 'success', actorId, subjectId: record.ownerId, address } as const;
  await ports.accounts.audit.record({ ...entry, details: { storyId: id } });
  return { ...story, person: ownerOf(await namesOf(ports, [record]), record) };
}

type Owner = StoryOfPerson['person'];
type Owned = Pick<StoryRecord, 'ownerId'>;

async function namesOf({ accounts }: StoryPorts, stories: readonly Owned[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(stories.map(({ ownerId }) => ownerId))];
  const people = await accounts.records.people.getMany(ids, ['name']);
  return new Map(people.map(({ _id, name }) => [_id, name]));
}

const ownerOf = (names: ReadonlyMap<string, string>, story?: Owned): Owner => ({
  id: story?.ownerId ?? '',
  name: names.get(story?.ownerId ?? '') ?? '',
});

function overviewOf(story: Story, person: Owner): StoryOverview {
  const { id, runId, status, title, language, moderation, mail, scheduleId, error, createdAt, expiresAt } = story;
  return {
    id,
    person,
    runId,
    status,
    language,
    moderation,
    picture: { state: story.picture.state },
    narration: { state: story.narration.state },
    mail,
    createdAt,
    ...(title !== undefined && { title }),
    ...(scheduleId !== undefined && { scheduleId }),
    ...(error && { error }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}
