import { AppError } from '#platform/errors.ts';
import type { StoryPorts } from './story-ports.ts';
import type { StoryMemoryRecord, StoryRecord } from './story-records.ts';

/** The next story is about something else than as many before it. */
const remembered = 10;
/** Stories that end in the same moment of one person are few. */
const maxTries = 20;

export type Remembered = StoryMemoryRecord['stories'][number];
type Of = Pick<StoryRecord, 'ownerId' | 'scheduleId'>;

const memoryId = ({ ownerId, scheduleId }: Of): string => scheduleId ?? ownerId;

/** What the last stories of a schedule, or of a person without one, were about. */
export async function recallStories({ stories }: Pick<StoryPorts, 'stories'>, of: Of): Promise<readonly Remembered[]> {
  return (await stories.memories.get(memoryId(of)))?.stories ?? [];
}

/** Notes what a story was about, once however often it is called. */
export async function rememberStory(ports: Pick<StoryPorts, 'stories'>, of: Of, story: Remembered): Promise<void> {
  await changeMemory(ports, of, (before) =>
    before.some(({ storyId }) => storyId === story.storyId) ? before : [...before, story].slice(-remembered),
  );
}

/** Forgets one that its owner deleted. */
export async function forgetStory(ports: Pick<StoryPorts, 'stories'>, of: Of, storyId: string): Promise<void> {
  await changeMemory(ports, of, (before) => before.filter((story) => story.storyId !== storyId));
}

async function changeMemory(
  { stories: { memories } }: Pick<StoryPorts, 'stories'>,
  of: Of,
  work: (before: readonly Remembered[]) => readonly Remembered[],
): Promise<void> {
  const _id = memoryId(of);
  for (let tries = 0; tries < maxTries; tries += 1) {
    const record = await memories.get(_id);
    const before = record?.stories ?? [];
    const after = work(before);
    if (after.length === before.length && after.every((story, index) => story.storyId === before[index]?.storyId))
      return;
    if (record) {
      const change = { set: { stories: after }, increment: { version: 1 } };
      if (await memories.update(_id, change, { version: record.version }, ['_id'])) return;
    } else if (await memories.insertMissing([{ _id, ownerId: of.ownerId, stories: [...after], version: 1 }])) return;
  }
  throw new AppError('too_busy', 'What was told before is being changed by others.', { retryAfter: 1 });
}
