import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Config } from '#platform/config/config.ts';
import { runServices } from '#scripts/services/run-services.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';

/** Lamplight as people reach it, with a model that does as it is told. */
export interface Place {
  readonly url: string;
  readonly model: ModelServer;
  /** Where mails are files. */
  readonly outbox: string;
  /** Where it keeps what it keeps. */
  readonly storage: Config['storage'];
  /** Does something to the store behind Lamplight's back: in one process, between two lives of it. */
  behind(work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** The administrator of each place. */
export const admin = { email: 'admin@lamplight.test', password: 'the evening lamp of the tests' };

const settingsFor = (model: ModelServer) => ({
  OPENAI_BASE_URL: model.url,
  OPENAI_MODEL: 'scripted',
  MODEL_ATTEMPTS: '1',
  SHUTDOWN_GRACE_SECONDS: '2',
  LOG_LEVEL: 'error',
  OPENAI_INPUT_PRICE: '0',
  OPENAI_OUTPUT_PRICE: '0',
  JWT_SECRET: 'a-secret-of-tests-that-is-long-enough',
  ADMIN_EMAIL: admin.email,
  ADMIN_PASSWORD: admin.password,
  GUESTS_PER_MINUTE: '10000',
});

const newFolder = () => mkdtemp(join(tmpdir(), 'lamplight-e2e-'));

/** `env`: settings beside those that every place has. */
type Start = (env?: NodeJS.ProcessEnv) => Promise<Place>;

/** Both sizes, by name, with what each needs and does not find here. */
export const places: ReadonlyArray<{ name: string; missing: string | undefined; start: Start }> = [
  { name: 'in one process', missing: undefined, start: startInOneProcess },
  {
    name: 'as separate services',
    missing: inject('redisUrl') && inject('mongodbUri') ? undefined : 'needs Redis and MongoDB',
    start: startServices,
  },
];

async function startInOneProcess(env: NodeJS.ProcessEnv = {}): Promise<Place> {
  const [model, dataDir] = await Promise.all([startModelServer(), newFolder()]);
  const standalone = await startStandalone({ env: { ...settingsFor(model), ...env }, dataDir });
  return {
    url: standalone.url,
    model,
    outbox: join(dataDir, 'outbox'),
    storage: { kind: 'embedded', dataDir },
    behind: async (work) => {
      await standalone.stop();
      await work();
      await standalone.start();
    },
    stop: async () => {
      await standalone.stop();
      await model.close();
    },
  };
}

async function startServices(env: NodeJS.ProcessEnv = {}): Promise<Place> {
  const [model, dataDir] = await Promise.all([startModelServer(), newFolder()]);
  const mongodb = new URL(inject('mongodbUri') ?? '');
  mongodb.pathname = `/e2e${Date.now()}`;
  const redis = new URL(inject('redisUrl') ?? '');
  const services = await runServices({
    environment: {
      ...process.env,
      ...settingsFor(model),
      ...env,
      DATA_DIR: dataDir,
      MONGODB_URI: mongodb.href,
      REDIS_URL: redis.href,
    },
    port: 0,
    firstOpsPort: 0,
    counts: { realtime: 2, worker: 2 },
    logger: collectingLogger().logger,
    stopMs: 15_000,
  });
  return {
    url: services.url,
    model,
    outbox: join(dataDir, 'outbox'),
    storage: { kind: 'servers', mongodbUri: mongodb.href, redisUrl: redis.href },
    behind: (work) => work(),
    stop: async () => {
      await services.stop();
      await model.close();
    },
  };
}
