import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '#tests/servers/child.ts';
import { hasEnded, spawnLogged } from '#tests/servers/lamplight-process.ts';
import { databaseOf, findProgram, startMongo, startRedis } from '#tests/servers/programs.ts';
import { type Restartable, restartable } from '#tests/servers/restartable.ts';
import { type SplitLamplight, startSplit } from '#tests/servers/start-lamplight.ts';

/** All that runs while faults strike, as processes of this one. */
export interface Stage {
  /** Where logs and data are. */
  readonly dir: string;
  readonly redis: Restartable;
  readonly redisUrl: string;
  /** Undefined where the database is somebody else's. */
  readonly database: Restartable | undefined;
  readonly mongodbUri: string;
  readonly lamplight: SplitLamplight;
  /** Of everything that runs now. */
  pids(): number[];
  /** Starts what does not run. */
  startAll(): Promise<void>;
  killAll(): Promise<void>;
}

/** What is missing to set the stage; empty where nothing is. */
export const missingPrograms = (): string[] => [
  ...(findProgram('redis-server') ? [] : ['redis-server']),
  ...(findProgram('mongod', 'mongo-test-server') || process.env['TEST_MONGODB_URI'] ? [] : ['mongod']),
];

const settings = {
  OPENAI_API_KEY: 'none',
  OPENAI_MODEL: 'scripted',
  // Short histories: what is asked of the model server is not what is tested.
  CONTEXT_MESSAGES: '4',
  // So that every worker has some.
  WORKER_CONCURRENCY: '16',
  // Shorter than answers take: a worker that is asked to stop must hand some back.
  SHUTDOWN_GRACE_SECONDS: '3',
  LOG_LEVEL: 'info',
};

/** Starts Redis (with an append-only file), the database, the model server and Lamplight's processes. */
export async function setStage(signal: AbortSignal): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), 'lamplight-faults-'));
  const ends: Array<() => Promise<void>> = [];
  try {
    const redis = await restartable('redis', dir, (place) =>
      startRedis(place, ['--appendonly', 'yes', '--appendfsync', 'everysec']),
    );
    ends.push(redis.kill);
    const given = process.env['TEST_MONGODB_URI'];
    const database = given
      ? undefined
      : await restartable('mongodb', dir, (place) => startMongo(place, { byId: true }));
    if (database) ends.push(database.kill);
    const mongodbUri = databaseOf(given ?? database?.url ?? '', `lamplight-faults-${Date.now()}`);
    const models = await startModels(dir);
    ends.push(models.kill);
    signal.throwIfAborted();
    const env = { ...settings, OPENAI_BASE_URL: models.url };
    const counts = { apis: 1, realtimes: 2, workers: 3, schedulers: 2 };
    const lamplight = await startSplit({ mongodbUri, redisUrl: redis.url, dir, env, ...counts });
    ends.push(lamplight.kill);
    return {
      ...{ dir, redis, redisUrl: redis.url, database, mongodbUri, lamplight },
      pids: () => [
        ...[redis, database, models].flatMap((one) => one?.pid ?? []),
        ...lamplight.processes.flatMap(({ process: child }) => (hasEnded(child) ? [] : (child.pid ?? []))),
      ],
      startAll: async () => {
        await Promise.all([redis.start(), database?.start()]);
        await Promise.all(lamplight.processes.map((one) => one.start()));
      },
      killAll: async () => {
        await Promise.all(ends.map((end) => end()));
      },
    };
  } catch (error) {
    await Promise.all(ends.map((end) => end()));
    throw error;
  }
}

/** The model server as a process of its own, so that it costs the clients nothing. */
async function startModels(dir: string) {
  const logFile = join(dir, 'model-server.log');
  const child = spawnLogged('tests/model-server/main.ts', [], { env: {}, dir, logFile });
  const said = async () => {
    if (hasEnded(child)) throw new Error(`The model server ended; its log: ${logFile}`);
    return /ready at (\S+)/.exec(await readFile(logFile, 'utf8'))?.[1];
  };
  const url = await waitFor(said, { what: 'the model server', timeoutMs: 20_000 });
  return {
    url,
    get pid() {
      return hasEnded(child) ? undefined : child.pid;
    },
    kill: async () => {
      if (hasEnded(child)) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}
