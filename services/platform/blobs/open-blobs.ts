import { join } from 'node:path';
import type { Clock } from '#platform/clock.ts';
import type { Config } from '#platform/config/config.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Blobs } from './blobs.ts';

export interface OpenBlobsTools {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Blobs in the database where there is one, else in the folder `blobs` of DATA_DIR. */
export async function openBlobs(storage: Config['storage'], tools: OpenBlobsTools): Promise<Blobs> {
  if (storage.kind === 'servers') {
    const { openGridFsBlobs } = await import('./grid-fs-blobs.ts');
    return openGridFsBlobs({ uri: storage.mongodbUri, ...tools });
  }
  const blobs = await inFolderOf(storage.dataDir, tools);
  await blobs.open();
  return blobs;
}

/** The same for reading alone, beside the processes that use them: makes no folder where there is none. */
export const openBlobsToRead = (storage: Config['storage'], tools: OpenBlobsTools): Promise<Blobs> =>
  storage.kind === 'servers' ? openBlobs(storage, tools) : inFolderOf(storage.dataDir, tools);

async function inFolderOf(dataDir: string, tools: OpenBlobsTools) {
  const { FolderBlobs } = await import('./folder-blobs.ts');
  return new FolderBlobs({ folder: join(dataDir, 'blobs'), ...tools });
}
