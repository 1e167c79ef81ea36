import type { Readable } from 'node:stream';
import type { BlobInfo } from '#platform/blobs/blobs.ts';
import { notFound } from '#platform/errors.ts';
import { hasOwner } from './find-story.ts';
import { recordIdOf } from './media-ids.ts';
import { type MediaAddress, mediaAddressInvalid, verifyMediaAddress } from './media-links.ts';
import type { StoryPorts } from './story-ports.ts';

/** What pictures and voices of stories are served from. */
export interface MediaPorts extends Pick<StoryPorts, 'blobs'> {
  readonly chat: Pick<StoryPorts['chat'], 'clock'>;
  readonly accounts: Pick<StoryPorts['accounts'], 'keys' | 'records'>;
  readonly stories: Pick<StoryPorts['stories'], 'stories'>;
}

export interface OpenedMedia extends BlobInfo {
  /** Whole seconds for which its address lives yet. */
  readonly maxAge: number;
  open(range?: { readonly start: number; readonly end: number }): Promise<Readable>;
}

/**
 * Opens what a signed address leads to, as long as a story that is there refers to it. Throws `link_invalid` where the address is not
 * one of ours, too old or withdrawn, and `not_found` where what it led to is gone.
 */
export async function openMedia(ports: MediaPorts, address: MediaAddress): Promise<OpenedMedia> {
  const { blobId, expires } = address;
  const now = ports.chat.clock.now();
  const linkVersion = verifyMediaAddress(ports.accounts.keys, address, now);
  const storyId = recordIdOf(blobId);
  const story = storyId === undefined ? undefined : await ports.stories.stories.get(storyId);
  const refers = story?.picture?.blobId === blobId || story?.narration?.blobId === blobId;
  if (!story || !refers || story.deleted || story.expiresAt <= now) throw gone();
  if (story.linkVersion !== linkVersion) throw mediaAddressInvalid();
  if (!(await hasOwner(ports, story))) throw gone();
  const info = await ports.blobs.info(blobId);
  if (!info) throw gone();
  const open: OpenedMedia['open'] = async (range) => {
    const bytes = await ports.blobs.read(blobId, range);
    if (!bytes) throw gone();
    return bytes;
  };
  return { ...info, maxAge: Math.floor((expires - now) / 1_000), open };
}

const gone = () => notFound('picture or voice');
