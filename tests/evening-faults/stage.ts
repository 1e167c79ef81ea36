import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '#platform/config/config.ts';
import { openStore, openStoreToRead } from '#platform/store/open-store.ts';
import { SqliteDatabase } from '#platform/store/sqlite-database.ts';
import { SqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { hasEnded, type LamplightProcess } from '#tests/servers/lamplight-process.ts';
import { databaseOf, findProgram, startMongo, startRedis } from '#tests/servers/programs.ts';
import { restartable } from '#tests/servers/restartable.ts';
import { startSplit, startStandalone } from '#tests/servers/start-lamplight.ts';
import { type EveningRecords, openEveningRecords } from './records.ts';
import { type CommandWatch, watchCommands } from './watch-commands.ts';

export type Work<T> = (records: EveningRecords) => Promise<T>;

/** Lamplight at one of its sizes, as processes of this one, and what it keeps. */
export interface EveningStage {
  /** Where logs and data are. */
  readonly dir: string;
  readonly dataDir: string;
  readonly storage: Config['storage'];
  readonly processes: readonly LamplightProcess[];
  readonly api: string;
  readonly realtime: string;
  /** Reads beside whatever runs. */
  read<T>(work: Work<T>): Promise<T>;
  /** Changes what is kept, beside whatever runs. */
  write<T>(work: Work<T>): Promise<T>;
  /** Of everything that runs now. */
  pids(): number[];
  startAll(): Promise<void>;
  /** Ends Lamplight in order. */
  stopAll(): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly watch: CommandWatch;
}

/** What the separate processes need and is not here. */
export const missingPrograms = (): string[] => [
  ...(findProgram('redis-server') ? [] : ['redis-server']),
  ...(findProgram('mongod', 'mongo-test-server') ? [] : ['mongod']),
];

const newFolder = () => mkdtemp(join(tmpdir(), 'lamplight-evening-'));
const tools = () => ({ logger: collectingLogger().logger });
const pidsOf = (processes: readonly LamplightProcess[]): number[] =>
  processes.flatMap(({ process: child }) => (hasEnded(child) ? [] : (child.pid ?? [])));

async function using<T>(opening: ReturnType<typeof openStore>, work: Work<T>): Promise<T> {
  const store = await opening;
  try {
    return await work(openEveningRecords(store));
  } finally {
    await store.close();
  }
}

/** Two workers, two schedulers, one of each other, on Redis with an append-only file and on a database that shows each write. */
export async function setServersStage({ env, watch }: StageOptions): Promise<EveningStage> {
  const dir = await newFolder();
  const ends: Array<() => Promise<void>> = [];
  const close = async () => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    const redis = await restartable('redis', dir, (place) =>
      startRedis(place, ['--appendonly', 'yes', '--appendfsync', 'everysec']),
    );
    ends.push(redis.kill);
    const database = await restartable('mongodb', dir, (place) => startMongo(place, { byId: true }));
    ends.push(database.kill);
    const watched = await watchCommands(Number(new URL(database.url).port), watch);
    ends.push(watched.close);
    const mongodbUri = databaseOf(database.url, 'lamplight');
    const storage = { kind: 'servers', mongodbUri, redisUrl: redis.url } as const;
    const lamplight = await startSplit({
      mongodbUri: databaseOf(`mongodb://127.0.0.1:${watched.port}/`, 'lamplight'),
      redisUrl: redis.url,
      dir,
      env,
      ...{ apis: 1, realtimes: 1, workers: 2, schedulers: 2 },
    });
    ends.push(lamplight.kill);
    const store = await openStore(storage, tools());
    ends.push(() => store.close());
    const records = openEveningRecords(store);
    const [api, realtime] = [lamplight.apis[0], lamplight.realtimes[0]];
    if (!api || !realtime) throw new Error('There is nobody to ask.');
    return {
      ...{ dir, dataDir: dir, storage, close },
      processes: lamplight.processes,
      api: api.url,
      realtime: realtime.url,
      read: (work) => work(records),
      write: (work) => work(records),
      pids: () => [...[redis, database].flatMap(({ pid }) => pid ?? []), ...pidsOf(lamplight.processes)],
      startAll: async () => {
        await Promise.all(lamplight.processes.map((one) => one.start()));
      },
      stopAll: lamplight.stop,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The store's file past its lock, which keeps a second Lamplight from it: SQLite itself has several writers take turns. */
const openBeside = async (dataDir: string): Promise<Store> =>
  new SqliteStore(new SqliteDatabase(join(dataDir, 'lamplight.db'), { busyTimeoutMs: 5_000 }));

/** All in one process, on files. */
export async function setEmbeddedStage({ env }: StageOptions): Promise<EveningStage> {
  const dir = await newFolder();
  const dataDir = join(dir, 'data');
  const storage = { kind: 'embedded', dataDir } as const;
  const standalone = await startStandalone({ env, dir, dataDir });
  return {
    ...{ dir, dataDir, storage },
    processes: [standalone],
    api: standalone.url,
    realtime: standalone.url,
    read: (work) => using(openStoreToRead(storage, tools()), work),
    write: (work) => using(openBeside(dataDir), work),
    pids: () => pidsOf([standalone]),
    startAll: standalone.start,
    stopAll: standalone.stop,
    close: standalone.kill,
  };
}
