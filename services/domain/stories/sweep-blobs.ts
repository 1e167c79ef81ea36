import type { Blobs } from '#platform/blobs/blobs.ts';
import type { Clock } from '#platform/clock.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { recordIdOf } from './media-ids.ts';
import type { StoryPorts } from './story-ports.ts';

export const sweepBlobsEveryMs = 3_600_000;
/** A blob is written before the record that refers to it: one that is older than this was left by a stop between the two. */
const orphanAfterMs = 3_600_000;
const atATime = 500;

/** Which of these blobs some record refers to. */
export type Referred = (blobIds: readonly string[]) => Promise<ReadonlySet<string>>;

export interface SweepBlobs {
  readonly blobs: Blobs;
  readonly referred: Referred;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
  /** Ends it between two batches. */
  readonly signal?: AbortSignal;
}

/** Removes blobs that nothing refers to, and what interrupted writes left; returns how many. */
export async function sweepBlobs({ blobs, referred, clock, logger, signal }: SweepBlobs): Promise<number> {
  const before = clock.now() - orphanAfterMs;
  let swept = await blobs.sweepInterrupted(before);
  for (let after: string | undefined; !signal?.aborted; ) {
    const page = await blobs.list({ writtenBefore: before, limit: atATime, after });
    const ids = page.map(({ id }) => id);
    after = ids.at(-1);
    if (after === undefined) break;
    const kept = await referred(ids);
    for (const id of ids) if (!kept.has(id) && (await blobs.delete(id))) swept++;
  }
  if (swept > 0) {
    logger.info('Pictures and voices that nothing refers to were removed.', {
      'event.action': 'sweep_blobs',
      'lamplight.count': swept,
    });
  }
  return swept;
}

/** What stories and characters refer to. A blob whose id names neither is somebody else's, and counts as referred to. */
export function referredByRecords({ stories, library }: Pick<StoryPorts, 'stories' | 'library'>): Referred {
  return async (blobIds) => {
    const recordIds = [...new Set(blobIds.flatMap((id) => recordIdOf(id) ?? []))];
    const [told, characters] = await Promise.all([
      stories.stories.getMany(recordIds, ['picture', 'narration']),
      library.characters.getMany(recordIds, ['picture']),
    ]);
    const pictures = [...told, ...characters].map(({ picture }) => picture?.blobId);
    const voices = told.map(({ narration }) => narration?.blobId);
    const others = blobIds.filter((id) => recordIdOf(id) === undefined);
    return new Set([...pictures, ...voices, ...others].filter((id) => id !== undefined));
  };
}
