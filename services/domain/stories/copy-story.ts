import type { RunRecord } from '#domain/runs/run-records.ts';
import { apologyAlone, firstFollowUps, isMailed, wantsMail } from './follow-ups/first-follow-ups.ts';
import { forgetStory, rememberStory } from './memories.ts';
import { firstLinkVersion } from './story-links.ts';
import type { StoryPorts } from './story-ports.ts';
import { type StoryRecord, storyMade, storyOrder, type ToldStory } from './story-records.ts';

/** The story of a run, as it is when it is begun. */
function storyOf(run: RunRecord, { ttlMs }: { readonly ttlMs: number }): StoryRecord {
  const { settings, characters, scenes, schedule } = storyOrder.parse(run.order);
  return {
    _id: run.conversationId,
    ownerId: run.ownerId,
    runId: run._id,
    status: 'writing',
    ...(schedule && { scheduleId: schedule.id, scheduledFor: schedule.at }),
    language: settings.language,
    readerName: settings.readerName,
    characters: characters.map(({ name }) => name),
    scenes: scenes.map(({ place }) => place),
    following: false,
    linkVersion: firstLinkVersion,
    shared: false,
    expiresAt: run.createdAt + ttlMs,
    deleted: false,
    traceId: run.traceId,
    createdAt: run.createdAt,
  };
}

/** Inserts the story of a run. One that exists, also as a tombstone, is success. */
export async function copyStory({ stories, settings }: StoryPorts, run: RunRecord): Promise<void> {
  await stories.stories.insertMissing([storyOf(run, settings)]);
}

/** Writes what an ended run says into its story, in one update and once; may be repeated at any time. */
export async function copyStoryEnd(ports: StoryPorts, run: RunRecord): Promise<void> {
  const { stories } = ports.stories;
  const { told } = storyMade.parse(run.made ?? {});
  const isTold = run.status === 'complete' && told !== undefined;
  const change = isTold
    ? { set: await toldEnd(ports, run, told), unset: ['error'] }
    : { set: await brokenEnd(ports, run) };
  // Of two jobs of one time that is due, one may have been refused while the other began the story: what is told counts.
  const status = isTold ? { in: ['writing', 'refused'] } : 'writing';
  const write = () => stories.update(run.conversationId, change, { status, deleted: false }, ['_id']);
  if (!(await write())) {
    // Not there yet, or from a moment ago: whoever began the story copies it at the same time.
    await copyStory(ports, run);
    await write();
  }
  if (isTold) await remember(ports, run, told);
}

async function toldEnd(ports: StoryPorts, run: RunRecord, told: ToldStory) {
  const person = await ports.accounts.records.people.get(run.ownerId);
  const followUps = firstFollowUps(ports, run, person);
  const following = Object.values(followUps).some(({ state }) => state === 'pending');
  return { status: 'ready', told, followUps, following, ...endOf(ports, run) };
}

async function brokenEnd(ports: StoryPorts, run: RunRecord) {
  const end = endOf(ports, run);
  const ended = { ...(run.error && { error: run.error }), ...end };
  // Who stopped it knows.
  if (run.status === 'stopped') return { status: 'stopped', ...ended };
  const person = isMailed(run) ? await ports.accounts.records.people.get(run.ownerId) : undefined;
  return { status: 'failed', ...ended, ...(wantsMail(person) && apologyAlone(end.endedAt, true)) };
}

function endOf({ settings, chat }: StoryPorts, run: RunRecord) {
  const endedAt = run.endedAt ?? chat.clock.now();
  return { endedAt, expiresAt: endedAt + settings.ttlMs };
}

/** Not where its owner deleted it meanwhile, or the schedule whose stories are remembered together. */
async function remember(ports: StoryPorts, run: RunRecord, { title, summary }: ToldStory): Promise<void> {
  const look = () => ports.stories.stories.get(run.conversationId, ['ownerId', 'scheduleId', 'deleted']);
  const story = await look();
  if (!story || story.deleted) return;
  const { scheduleId } = story;
  if (scheduleId !== undefined && !(await ports.schedules.get(scheduleId, ['ownerId']))) return;
  await rememberStory(ports, story, { storyId: story._id, title, summary });
  // Whoever deletes it between the two looks has nothing to forget yet.
  if ((await look())?.deleted) await forgetStory(ports, story, story._id);
}
