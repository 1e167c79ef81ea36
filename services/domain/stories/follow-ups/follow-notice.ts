import { personNotice } from '#domain/runs/run-topics.ts';
import type { StoryPorts } from '../story-ports.ts';
import type { StoryRecord } from '../story-records.ts';
import type { Ended } from './end-follow-up.ts';

/** Tells the owner's open pages that a story is there; one that is told twice reads it again. */
export async function followNotice({ chat }: StoryPorts, { _id, ownerId }: StoryRecord): Promise<Ended> {
  await chat.broadcast.publish(personNotice, { ownerId, notice: { kind: 'story_changed', storyId: _id } });
  return { state: 'ready' };
}
