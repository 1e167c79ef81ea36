import { inTraceOf } from '#domain/runs/run-trace.ts';
import { countAnswer } from '#domain/usage/usage-shares.ts';
import { isAppError } from '#platform/errors.ts';
import { buryStory, stopLive } from './delete-story.ts';
import { sweepPlaces } from './places.ts';
import type { StoryPorts } from './story-ports.ts';
import type { StoryRecord } from './story-records.ts';

export const sweepStoriesEveryMs = 10_000;
/** A tombstone outlives what could still be written under it. */
const tombstoneMs = 60 * 60 * 1_000;
const batch = 500;

/**
 * Frees places that nobody needs, buries stories whose time is over, and removes what buried ones held: blobs, then the run, then, an
 * hour later, the tombstone. A story that fails is logged and left for the next pass; throws where the store cannot be reached.
 */
export async function sweepStories(ports: StoryPorts): Promise<void> {
  await sweepPlaces(ports);
  const now = ports.chat.clock.now();
  const find = async (deleted: boolean) => {
    const where = { deleted, expiresAt: { lte: now } };
    const sort = { by: ['expiresAt'], direction: 'asc' } as const;
    return (await ports.stories.stories.find({ where, sort, limit: batch })).items;
  };
  await each(ports, await find(false), async (story) => {
    if (await buryStory(ports, story, { expiresAt: { lte: now } }))
      ports.chat.metrics.sweepRepairs.inc({ kind: 'story_expired' });
  });
  await each(ports, await find(true), (story) => (story.purged ? removeTombstone(ports, story) : purge(ports, story)));
}

async function removeTombstone({ stories }: StoryPorts, { _id }: StoryRecord): Promise<void> {
  await stories.stories.delete(_id, { deleted: true });
}

async function purge(ports: StoryPorts, { _id, runId, picture, narration }: StoryRecord): Promise<void> {
  if (await stopLive(ports, _id)) return;
  for (const blob of [picture, narration]) if (blob) await ports.blobs.delete(blob.blobId);
  await removeRun(ports, runId);
  const set = { purged: true, expiresAt: ports.chat.clock.now() + tombstoneMs };
  await ports.stories.stories.update(_id, { set, unset: ['picture', 'narration'] }, { deleted: true }, ['_id']);
}

/** What was spent on a story that ended a moment ago is counted before its run goes. */
async function removeRun({ chat }: StoryPorts, runId: string): Promise<void> {
  const run = await chat.records.runs.get(runId);
  if (!run) return;
  if (!run.settled) {
    await chat.budgets.settle(run);
    await countAnswer(chat, run);
  }
  await chat.records.runs.delete(runId);
}

async function each(
  ports: StoryPorts,
  stories: readonly StoryRecord[],
  work: (story: StoryRecord) => Promise<void>,
): Promise<void> {
  for (const story of stories) {
    try {
      await inTraceOf(story, () => work(story));
    } catch (error) {
      if (isAppError(error, 'store_unavailable')) throw error;
      ports.chat.logger.error('A story could not be removed; the sweep tries again.', {
        'event.action': 'sweep',
        'lamplight.story.id': story._id,
        error,
      });
    }
  }
}
