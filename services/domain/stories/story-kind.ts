import { withKinds } from '#domain/chat/answer-kind.ts';
import type { ChatTools } from '#domain/chat/chat-ports.ts';
import { orLeaveToSweep } from '#domain/runs/leave-to-sweep.ts';
import type { Made, Making, RunKind } from '#domain/runs/run-kind.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { tellPerson } from '#domain/runs/tell-person.ts';
import { copyStory, copyStoryEnd } from './copy-story.ts';
import { askForFollowUps } from './follow-ups/ask-for-follow-ups.ts';
import { takePlace } from './places.ts';
import type { StoryPorts } from './story-ports.ts';
import { storyQueue } from './story-topics.ts';
import { writeStory } from './write-story.ts';

/** A run that finds no place for this long goes back to the end of the queue: others may be stopped, or its process be asked to end. */
const placePatienceMs = 60_000;

/** Runs that write a story. */
const storyKind = (ports: () => StoryPorts): RunKind => ({
  noun: 'story',
  whenCutShort: 'What there is of it was kept; you can ask for another one.',
  // The job's id keeps one attempt from being queued twice; a claim in the store decides in any case.
  addJob: ({ _id, attempt }, { leaseUntil, round = 0 } = {}) =>
    ports().chat.queue.add(
      storyQueue,
      { runId: _id, ...(leaseUntil !== undefined && { leaseUntil }) },
      { id: `story-${_id}-${attempt + 1}${round > 0 ? `-${round}` : ''}` },
    ),
  make: (run, making) => writeInPlace(ports(), run, making),
  copy: (run) => copyStory(ports(), run),
  copyMissing: (run) => copyStory(ports(), run),
  copyEnd: (run) => copyStoryEnd(ports(), run),
  copyAll: async (run) => {
    await copyStory(ports(), run);
    await copyStoryEnd(ports(), run);
  },
  afterEnd: (run) => followStory(ports(), run),
});

/** Writes while it has one of the places for stories that are written at a time. */
async function writeInPlace(ports: StoryPorts, run: RunRecord, making: Making): Promise<Made> {
  const waits = AbortSignal.any([making.signal, making.leaving]);
  const freePlace = await takePlace(ports, run._id, waits, { patienceMs: placePatienceMs });
  if (!freePlace) return { outcome: 'again', set: {} };
  try {
    // It got the place in the moment in which it was to give up waiting.
    waits.throwIfAborted();
    return await writeStory(ports, run, making);
  } finally {
    await orLeaveToSweep(ports.chat, run, freePlace());
  }
}

async function followStory(ports: StoryPorts, run: RunRecord): Promise<void> {
  const story = await ports.stories.stories.get(run.conversationId);
  if (!story || story.deleted) return;
  await tellPerson(ports.chat, story.ownerId, { kind: 'story_changed', storyId: story._id });
  if (story.following) await askForFollowUps(ports, story);
}

/** Stories, with chat that knows how their runs are made. */
export function openStories(tools: ChatTools, others: Omit<StoryPorts, 'chat'>): StoryPorts {
  const ports: StoryPorts = { ...others, chat: withKinds(tools, { story: storyKind(() => ports) }) };
  return ports;
}
