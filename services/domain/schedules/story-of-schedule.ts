import { presentCharacters, presentScenes } from '#domain/library/resolve.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import type { StoryOrder } from '#domain/stories/story-records.ts';
import type { ScheduleRecord } from './schedule-records.ts';

/** What a schedule asks for at one of its times; characters and scenes that were deleted since are left out. */
export async function orderOf(ports: StoryPorts, schedule: ScheduleRecord, at: number): Promise<StoryOrder> {
  const { _id, ownerId, settings, characterIds, sceneIds, idea, mail } = schedule;
  const [characters, scenes] = await Promise.all([
    presentCharacters(ports, ownerId, characterIds),
    presentScenes(ports, ownerId, sceneIds),
  ]);
  return { settings, characters, scenes, idea, conversation: [], schedule: { id: _id, at, mail } };
}
