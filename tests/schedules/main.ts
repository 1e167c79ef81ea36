// npm run bench:schedules [-- NUMBER]: so many schedules (10,000) due in the same minute, in a SQLite file and (fewer) in MongoDB.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMongoStore } from '#platform/store/mongo-store.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { collections } from '#services/foundation/foundation.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { startMongo } from '#tests/servers/programs.ts';
import { playRush } from './evening-rush.ts';

const schedules = Number(process.argv[2] ?? 10_000);
const ceiling = 20;
/** Asked for: all of 10,000 are queued within this on two cores. */
const claimTarget = 60;
const inMongo = Math.ceil(schedules / 100);
const { logger } = collectingLogger();

async function measure(where: string, count: number, store: Store): Promise<void> {
  await store.prepare(collections);
  const rush = await playRush({ schedules: count, ceiling, store });
  const line = [
    `${where}: ${count} schedules due in one minute`,
    `all claimed and queued in ${rush.claimSeconds.toFixed(1)} s`,
    `${rush.stories} stories written after ${rush.writeSeconds.toFixed(1)} s`,
    `at most ${rush.mostAtATime} of ${ceiling} at a time`,
    `${rush.wrong.length} schedules without exactly one story`,
  ];
  console.log(line.join('; '));
  if (rush.wrong.length > 0 || rush.mostAtATime > ceiling || rush.claimSeconds > claimTarget) process.exitCode = 1;
}

const folder = await mkdtemp(join(tmpdir(), 'lamplight-rush-'));
try {
  await measure('SQLite file', schedules, await openSqliteStore({ file: join(folder, 'lamplight.db'), logger }));
  const mongo = await startMongo({}, { byId: true });
  if (!mongo) console.log('MongoDB: left out, since none is on the PATH.');
  else {
    try {
      await measure('MongoDB', inMongo, await openMongoStore({ uri: `${mongo.url}rush`, logger }));
    } finally {
      await mongo.stop();
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
