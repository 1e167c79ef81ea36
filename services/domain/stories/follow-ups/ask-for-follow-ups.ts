import type { FollowUpName } from '#contract/stories.ts';
import { inTraceOf } from '#domain/runs/run-trace.ts';
import type { StoryPorts } from '../story-ports.ts';
import type { StoryRecord } from '../story-records.ts';
import { followUpQueues } from '../story-topics.ts';
import { dueOf, mostTries } from './follow-up-states.ts';

/** The first pause between tries, in ms; each further one is twice as long. */
const backoffs: Readonly<Record<FollowUpName, number>> = {
  narration: 3_000,
  picture: 3_000,
  mail: 5_000,
  notice: 1_000,
};

/**
 * Adds a job for each thing that may follow by now, under an id of its own: one that waits or is under way already stays the only one.
 * Throws where the queue is away; the sweep asks again.
 */
export async function askForFollowUps(
  { chat }: Pick<StoryPorts, 'chat'>,
  story: Pick<StoryRecord, '_id' | 'followUps' | 'traceId'>,
): Promise<void> {
  const { _id: storyId, followUps } = story;
  await inTraceOf(story, async () => {
    for (const name of dueOf(followUps, chat.clock.now())) {
      const id = `${name}-${storyId}`;
      await chat.queue.add(
        followUpQueues[name],
        { storyId },
        { id, attempts: mostTries[name], backoff: backoffs[name] },
      );
    }
  });
}
