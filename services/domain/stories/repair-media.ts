import type { Blobs } from '#platform/blobs/blobs.ts';
import type { StoryPorts } from './story-ports.ts';

export interface RepairMedia extends Pick<StoryPorts, 'stories'> {
  readonly library: Pick<StoryPorts['library'], 'characters'>;
  readonly blobs: Pick<Blobs, 'info'>;
}

/**
 * Takes from stories and characters what they refer to and is not there, as after a restore of what was removed while it was backed up: the
 * picture or voice of a story failed then, and a character is drawn. Returns of how many.
 */
export async function repairMedia({ stories, library, blobs }: RepairMedia): Promise<number> {
  let repaired = 0;
  const isLost = async (media: { readonly blobId: string } | undefined) =>
    media !== undefined && (await blobs.info(media.blobId)) === undefined;
  for await (const { _id, picture, narration, followUps } of stories.stories.scan()) {
    for (const [name, media] of Object.entries({ picture, narration })) {
      if (!(await isLost(media))) continue;
      const failed = followUps && { [`followUps.${name}.state`]: 'failed', [`followUps.${name}.reason`]: 'lost' };
      await stories.stories.update(_id, { unset: [name], ...(failed && { set: failed }) });
      repaired++;
    }
  }
  for await (const { _id, picture } of library.characters.scan()) {
    if (!(await isLost(picture))) continue;
    await library.characters.update(_id, { unset: ['picture'] });
    repaired++;
  }
  return repaired;
}
