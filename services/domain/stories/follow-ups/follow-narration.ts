import { gatherAudio } from '../narration/gather-audio.ts';
import { narrate } from '../narration/narrate.ts';
import type { StoryPorts } from '../story-ports.ts';
import type { StoryRecord } from '../story-records.ts';
import type { Ended } from './end-follow-up.ts';

/** Bytes: some hours. */
const largestNarration = 50_000_000;

/** Reads a story aloud. It is put once it is whole: to speak may take longer than a blob may take to be written. */
export async function followNarration(ports: StoryPorts, story: StoryRecord, signal: AbortSignal): Promise<Ended> {
  const { blobs, speech, chat } = ports;
  // Speech may be off in this process, or since the story was told.
  if (!story.told || speech.kind === 'none') return { state: 'skipped' };
  const { title, parts } = story.told;
  const narration = narrate({ title, parts, language: story.language }, { speech, signal });
  const { mediaType } = narration;
  const audio = await gatherAudio(narration.audio, largestNarration);
  const blobId = `${story._id}-narration-${chat.newId()}`;
  await blobs.put(blobId, audio, { mediaType, maxBytes: largestNarration, signal });
  return { state: 'ready', blobId, set: { narration: { blobId, mediaType, ...narration.result() } } };
}
