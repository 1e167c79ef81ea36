import type { OpenedStory, Story } from '#contract/stories.ts';
import { partsOf, textOf } from '#domain/runs/output.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { mediaPath } from './media-links.ts';
import type { StoryPorts } from './story-ports.ts';
import { never, type StoryRecord } from './story-records.ts';

type PresentPorts = Pick<StoryPorts, 'accounts' | 'moderation' | 'chat'>;
/** What is read of the run of a story that is not told, or not yet. */
export const shownOfRun = ['output'] as const satisfies ReadonlyArray<keyof RunRecord>;
type ShownRun = Pick<RunRecord, (typeof shownOfRun)[number]>;

const moment = (ms: number): string => new Date(ms).toISOString();

/** A story as its owner sees it; what is written of it so far comes from its run. */
export const presentStory = (ports: PresentPorts, story: StoryRecord, run?: ShownRun): Story => ({
  id: story._id,
  runId: story.runId,
  status: story.status === 'refused' ? 'failed' : story.status,
  ...presentOpened(ports, story, run),
  mail: { state: stateOf(story, 'mail') },
  characters: story.characters,
  scenes: story.scenes,
  favourite: story.favouriteSlot !== undefined,
  shared: story.shared,
  ...(story.scheduleId !== undefined && { scheduleId: story.scheduleId }),
  ...(story.error && { error: story.error }),
});

/** The same for whoever has its link: nothing tells whose it is. */
export const presentOpened = (ports: PresentPorts, story: StoryRecord, run?: ShownRun): OpenedStory => ({
  ...textOfStory(story, run),
  language: story.language,
  readerName: story.readerName,
  picture: presentPicture(ports, story),
  narration: presentNarration(ports, story),
  moderation: story.told?.moderation ?? ports.moderation.kind,
  createdAt: moment(story.createdAt),
  ...(story.expiresAt !== never && { expiresAt: moment(story.expiresAt) }),
});

function textOfStory(
  { told }: StoryRecord,
  run: ShownRun | undefined,
): Pick<OpenedStory, 'title' | 'summary' | 'parts' | 'moral'> {
  if (told) return { title: told.title, summary: told.summary, parts: told.parts, moral: told.moral };
  const pieces = partsOf(run?.output ?? []);
  const title = pieces.find(({ kind }) => kind === 'title')?.text;
  const parts = textOf(pieces).split('\n\n');
  return { ...(title !== undefined && { title }), parts: parts.filter((part) => part !== '') };
}

/** Where nothing is noted yet: what follows a story waits for it, and nothing follows one that did not come to its end. */
const stateOf = ({ followUps, status }: StoryRecord, name: 'picture' | 'narration' | 'mail') =>
  followUps?.[name].state ?? (status === 'writing' ? 'pending' : 'skipped');

function presentPicture(ports: PresentPorts, story: StoryRecord): OpenedStory['picture'] {
  const { picture, told } = story;
  return {
    state: stateOf(story, 'picture'),
    ...(picture && { url: addressOf(ports, story, picture.blobId) }),
    ...(told && { alt: told.pictureAlt }),
  };
}

function presentNarration(ports: PresentPorts, story: StoryRecord): OpenedStory['narration'] {
  const { narration } = story;
  const state = stateOf(story, 'narration');
  if (!narration) return { state };
  const { blobId, seconds, cues } = narration;
  return { state, url: addressOf(ports, story, blobId), seconds, cues };
}

const addressOf = ({ accounts, chat }: PresentPorts, story: StoryRecord, blobId: string): string =>
  mediaPath(accounts.keys, story, blobId, chat.clock.now());
