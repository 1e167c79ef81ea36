import type { FollowUpName } from '#contract/stories.ts';
import { tellPerson } from '#domain/runs/tell-person.ts';
import { isAppError } from '#platform/errors.ts';
import type { Where } from '#platform/store/store.ts';
import type { StoryPorts } from '../story-ports.ts';
import type { FollowUp, StoryRecord } from '../story-records.ts';
import { askForFollowUps } from './ask-for-follow-ups.ts';
import { pendingOf } from './follow-up-states.ts';

/** How one thing that follows a story ended. */
export interface Ended {
  readonly state: Exclude<FollowUp['state'], 'pending'>;
  /** Why it failed. */
  readonly reason?: string;
  /** What the story has from it. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** What it put into the blobs, which `set` refers to. */
  readonly blobId?: string;
}

const storeAwayMs = 250;

/** The story is there to be read, and this is still to be done. */
export const stillPending = ({ chat }: Pick<StoryPorts, 'chat'>, name: FollowUpName): Where => ({
  [`followUps.${name}.state`]: 'pending',
  deleted: false,
  expiresAt: { gt: chat.clock.now() },
});

/**
 * Ends what follows in one conditional update; whether it was this one that ended it. What was made is kept however long the store is away,
 * until `signal` aborts: then it throws. Where another has ended it, or the story has gone, what is in the blobs for it is removed again.
 */
export async function endFollowUp(
  ports: StoryPorts,
  story: StoryRecord,
  name: FollowUpName,
  ended: Ended,
  signal: AbortSignal,
): Promise<boolean> {
  const updated =
    (await whileAway(ports, signal, () => write(ports, story, name, ended))) ??
    (await whileAway(ports, signal, () => writtenBefore(ports, story, ended)));
  if (!updated) return false;
  observeEnd(ports, story, name, ended);
  await tellPerson(ports.chat, updated.ownerId, { kind: 'story_changed', storyId: updated._id });
  await goOn(ports, updated, name);
  return true;
}

function write(
  ports: StoryPorts,
  { _id }: StoryRecord,
  name: FollowUpName,
  { state, reason, set }: Ended,
): Promise<StoryRecord | undefined> {
  const path = `followUps.${name}`;
  const end = { [`${path}.state`]: state, [`${path}.at`]: ports.chat.clock.now() };
  const change = {
    set: { ...set, ...end, ...(reason !== undefined && { [`${path}.reason`]: reason }) },
    unset: [`${path}.leaseUntil`],
  };
  return ports.stories.stories.update(_id, change, stillPending(ports, name));
}

/** An update whose reply was lost was made all the same: then the story refers to the blob. Else nothing does, and it goes. */
async function writtenBefore(
  ports: StoryPorts,
  { _id }: StoryRecord,
  { blobId }: Ended,
): Promise<StoryRecord | undefined> {
  if (blobId === undefined) return undefined;
  const story = await ports.stories.stories.get(_id);
  const refers = story?.picture?.blobId === blobId || story?.narration?.blobId === blobId;
  if (refers && !story.deleted) return story;
  await ports.blobs.delete(blobId);
  return undefined;
}

/** What waited for this goes on; where nothing does any more, the sweep looks at the story no longer. What fails here the sweep does. */
async function goOn(ports: StoryPorts, story: StoryRecord, name: FollowUpName): Promise<void> {
  try {
    if (pendingOf(story.followUps).length === 0) await endFollowing(ports, story);
    else if (name === 'picture') await askForFollowUps(ports, story);
  } catch (error) {
    ports.chat.logger.warn('What follows a story did not go on; the sweep sees to it.', {
      'event.action': 'follow_up',
      'lamplight.story.id': story._id,
      error,
    });
  }
}

/** Nothing of a story is pending, as far as `story` tells. */
export async function endFollowing(
  ports: Pick<StoryPorts, 'stories'>,
  { _id, followUps }: Pick<StoryRecord, '_id' | 'followUps'>,
): Promise<void> {
  const states = Object.entries(followUps ?? {}).map(([name, { state }]) => [`followUps.${name}.state`, state]);
  await ports.stories.stories.update(_id, { set: { following: false } }, Object.fromEntries(states));
}

async function whileAway<T>({ chat }: StoryPorts, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAppError(error, 'store_unavailable')) throw error;
      signal.throwIfAborted();
      await new Promise<void>((resolve) => chat.clock.after(storeAwayMs, resolve));
    }
  }
}

function observeEnd({ chat }: StoryPorts, story: StoryRecord, name: FollowUpName, { state, reason }: Ended): void {
  chat.metrics.followUps.inc({ follow_up: name, outcome: state });
  const ms = chat.clock.now() - (story.followUps?.[name].at ?? chat.clock.now());
  chat.metrics.followUpDuration.observe({ follow_up: name }, Math.max(0, ms) / 1_000);
  chat.logger[state === 'failed' ? 'warn' : 'info'](`A story's ${name} is ${state}.`, {
    'event.action': 'follow_up',
    'event.outcome': state === 'failed' ? 'failure' : 'success',
    'event.duration': Math.max(0, ms) * 1_000_000,
    'lamplight.story.id': story._id,
    'lamplight.follow_up.name': name,
    'user.id': story.ownerId,
    ...(reason !== undefined && { 'lamplight.follow_up.reason': reason }),
  });
}
