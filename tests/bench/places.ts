import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MongoClient } from 'mongodb';
import type { TestServer } from '#tests/servers/child.ts';
import type { LamplightProcess } from '#tests/servers/lamplight-process.ts';
import { startMongo, startRedis } from '#tests/servers/programs.ts';
import { startSplit, startStandalone } from '#tests/servers/start-lamplight.ts';
import type { Target } from './jobs.ts';
import type { Watched } from './run-job.ts';

/** The model server in a process of its own. */
export interface Model {
  readonly url: string;
  readonly process: ChildProcess;
}

export async function startModel(): Promise<Model> {
  const child = fork(join(import.meta.dirname, '../model-server/main.ts'), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (!child.stdout) throw new Error('The model server has no output.');
  const [line] = await once(createInterface(child.stdout), 'line');
  return { url: String(line).replace(/^.* at /, ''), process: child };
}

/** Lamplight as it runs somewhere, with what it runs on. */
export interface Place {
  readonly name: 'standalone' | 'split';
  readonly target: Target & { readonly kind: 'lamplight' };
  /** `ours` are all of Lamplight's own processes. */
  readonly watched: Watched;
  /** Takes away what earlier measures left. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

const pidsOf = (...processes: readonly (ChildProcess | undefined)[]): number[] =>
  processes.flatMap((one) => (one?.pid === undefined ? [] : [one.pid]));

const settingsFor = (model: Model) => ({
  OPENAI_BASE_URL: model.url,
  OPENAI_API_KEY: 'none',
  OPENAI_MODEL: 'scripted',
});

export async function openStandalone(model: Model, env: NodeJS.ProcessEnv = {}): Promise<Place> {
  const lamplight = await startStandalone({ env: { ...settingsFor(model), ...env } });
  return {
    name: 'standalone',
    target: { kind: 'lamplight', apiUrl: lamplight.url, realtimeUrl: lamplight.url },
    watched: { ours: pidsOf(lamplight.process), model: pidsOf(model.process) },
    clear: async () => {},
    stop: () => lamplight.stop(),
  };
}

export interface Servers {
  readonly redisUrl: string;
  readonly mongodbUri: string;
  readonly watched: Watched;
  stop(): Promise<void>;
}

/** The servers of the split processes: those that the environment names, else programs on the PATH; undefined where one is missing. */
export async function openServers(environment: NodeJS.ProcessEnv): Promise<Servers | undefined> {
  const { TEST_REDIS_URL: redisUrl, TEST_MONGODB_URI: mongodbUri } = environment;
  const started: TestServer[] = [];
  const own = async (start: () => Promise<TestServer | undefined>) => {
    const server = await start();
    if (server) started.push(server);
    return server;
  };
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
  };
  // A Redis of its own wherever there is a program: a worker takes the jobs of whoever shares it.
  const redis = await own(startRedis);
  const mongo = mongodbUri ? undefined : await own(() => startMongo({}, { byId: true }));
  const found = { redisUrl: redis?.url ?? redisUrl, mongodbUri: mongodbUri ?? mongo?.url };
  if (!found.redisUrl || !found.mongodbUri) {
    await stop();
    return undefined;
  }
  return {
    redisUrl: found.redisUrl,
    mongodbUri: `${found.mongodbUri}bench-${Date.now().toString(36)}`,
    // The front of the MongoDB-wire server runs in this process.
    watched: { redis: pidsOf(redis?.process), mongodb: mongo ? [...pidsOf(mongo.process), process.pid] : [] },
    stop,
  };
}

export async function openSplit(model: Model, servers: Servers): Promise<Place> {
  const lamplight = await startSplit({ ...servers, env: settingsFor(model) });
  const [api, realtime]: (LamplightProcess | undefined)[] = [lamplight.apis[0], lamplight.realtimes[0]];
  if (!api || !realtime) throw new Error('The split processes are incomplete.');
  return {
    name: 'split',
    target: { kind: 'lamplight', apiUrl: api.url, realtimeUrl: realtime.url },
    watched: {
      ours: pidsOf(...lamplight.processes.map((one) => one.process)),
      model: pidsOf(model.process),
      ...servers.watched,
    },
    clear: () => emptyCollections(servers.mongodbUri),
    stop: () => lamplight.stop(),
  };
}

/**
 * FerretDB reads every document of a collection for a write with a condition, so what is left of one measure would slow the
 * next down: each begins with empty collections.
 */
async function emptyCollections(uri: string): Promise<void> {
  const client = await MongoClient.connect(uri);
  try {
    for (const name of ['runs', 'messages', 'conversations', 'sessions']) {
      await client.db().collection(name).deleteMany({});
    }
  } finally {
    await client.close();
  }
}
