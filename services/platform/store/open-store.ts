import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '#platform/config/config.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Store } from './store.ts';

/** The store that the settings name; the other adapter's driver is not loaded. */
export async function openStore(storage: Config['storage'], { logger }: { logger: Logger }): Promise<Store> {
  if (storage.kind === 'servers') {
    const { openMongoStore } = await import('./mongo-store.ts');
    return openMongoStore({ uri: storage.mongodbUri, logger });
  }
  const { openSqliteStore } = await import('./sqlite-store.ts');
  await mkdir(storage.dataDir, { recursive: true });
  return openSqliteStore({ file: fileIn(storage.dataDir), logger });
}

/** The same store for reading alone, beside the processes that use it; throws where there is none. */
export async function openStoreToRead(storage: Config['storage'], { logger }: { logger: Logger }): Promise<Store> {
  if (storage.kind === 'servers') return openStore(storage, { logger });
  const { openSqliteSnapshot } = await import('./sqlite-store.ts');
  return openSqliteSnapshot({ file: fileIn(storage.dataDir) });
}

const fileIn = (dataDir: string): string => join(dataDir, 'lamplight.db');
