import type { StoryPorts } from '../story-ports.ts';
import type { StoryRecord } from '../story-records.ts';
import type { Ended } from './end-follow-up.ts';

/** Bytes. */
const largestPicture = 10_000_000;
/** What a provider is told beside what the picture shows; ours are drawn like that. */
const style =
  "Illustration for a children's picture book: gentle, warm evening light, soft shapes, friendly faces. Nothing frightening, no text, no letters.";

/** Makes a story's picture. The story is its seed: made again it is drawn the same. */
export async function followPicture(ports: StoryPorts, story: StoryRecord, signal: AbortSignal): Promise<Ended> {
  const { blobs, images, chat } = ports;
  if (!story.told) return { state: 'skipped' };
  const { picturePrompt } = story.told;
  const prompt = images.kind === 'provider' ? `${picturePrompt}\n\n${style}` : picturePrompt;
  const { bytes, mediaType } = await images.make({ prompt, seed: story._id, signal });
  const blobId = `${story._id}-picture-${chat.newId()}`;
  await blobs.put(blobId, [bytes], { mediaType, maxBytes: largestPicture, signal });
  return { state: 'ready', blobId, set: { picture: { blobId, mediaType } } };
}
