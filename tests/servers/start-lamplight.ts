import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endOfLog, type LamplightProcess, lamplightProcess, spawnLogged } from './lamplight-process.ts';

interface Place {
  /** Settings beside those of the place: its ports and servers. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where logs go, a file for each process; a new folder under the temporary one where absent. */
  readonly dir?: string;
}

export interface StandaloneOptions extends Place {
  /** A folder that outlives the process; start again with the same to have the same data. */
  readonly dataDir?: string;
}

const newFolder = () => mkdtemp(join(tmpdir(), 'lamplight-'));

/** Lamplight in one process on embedded adapters, ready to serve on a free port. */
export async function startStandalone({ env, dir, dataDir }: StandaloneOptions = {}): Promise<LamplightProcess> {
  const folder = dir ?? (await newFolder());
  const started = await lamplightProcess({
    service: 'standalone',
    name: 'standalone',
    dir: folder,
    env: { DATA_DIR: dataDir ?? join(folder, 'data'), ...env },
  });
  try {
    await started.start();
  } catch (error) {
    await started.kill();
    throw error;
  }
  return started;
}

export interface SplitOptions extends Place {
  readonly mongodbUri: string;
  readonly redisUrl: string;
  /** How many processes of each; one where nothing is said. */
  readonly apis?: number;
  readonly realtimes?: number;
  readonly workers?: number;
  readonly schedulers?: number;
}

export interface SplitLamplight {
  readonly apis: readonly LamplightProcess[];
  readonly realtimes: readonly LamplightProcess[];
  readonly workers: readonly LamplightProcess[];
  readonly schedulers: readonly LamplightProcess[];
  readonly processes: readonly LamplightProcess[];
  /** Ends all in order: what makes answers first, so that readers see them end. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Lamplight's separate processes on these servers, after the migrations, all ready to serve. */
export async function startSplit(options: SplitOptions): Promise<SplitLamplight> {
  const { mongodbUri, redisUrl, apis = 1, realtimes = 1, workers = 1, schedulers = 1 } = options;
  const dir = options.dir ?? (await newFolder());
  const env = { ...options.env, MONGODB_URI: mongodbUri, REDIS_URL: redisUrl, DATA_DIR: dir };
  await migrate(dir, env);
  const several = (service: 'api' | 'realtime' | 'worker' | 'scheduler', count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        lamplightProcess({ service, name: `${service}-${index + 1}`, dir, env }),
      ),
    );
  const split = {
    apis: await several('api', apis),
    realtimes: await several('realtime', realtimes),
    workers: await several('worker', workers),
    schedulers: await several('scheduler', schedulers),
  };
  const processes = [...split.apis, ...split.realtimes, ...split.workers, ...split.schedulers];
  const endAll = async (of: readonly LamplightProcess[], how: 'stop' | 'kill') => {
    await Promise.all(of.map((one) => one[how]()));
  };
  const started = await Promise.allSettled(processes.map((one) => one.start()));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await endAll(processes, 'kill');
    throw failed.reason;
  }
  return {
    ...split,
    processes,
    stop: async () => {
      for (const each of [split.schedulers, split.workers, split.realtimes, split.apis]) await endAll(each, 'stop');
    },
    kill: () => endAll(processes, 'kill'),
  };
}

async function migrate(dir: string, env: NodeJS.ProcessEnv): Promise<void> {
  const logFile = join(dir, 'migrate.log');
  // Its ops port is its own concern: 0 takes a free one.
  const child = spawnLogged('services/migrate/main.ts', [], { env: { ...env, OPS_PORT: '0' }, dir, logFile });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`The migrations did not succeed:\n${endOfLog(logFile)}`);
}
