import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Config } from '#platform/config/config.ts';
import { runServices } from '#scripts/services/run-services.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { HeldAnswers } from '#tests/model-server/held-answers.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { waitFor } from '#tests/servers/child.ts';
import { startRedis } from '#tests/servers/programs.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { admin } from './people.ts';

/** Lamplight as people reach it, with a model that does as it is told. */
export interface Place {
  readonly url: string;
  readonly model: ModelServer;
  /** Answers of the model that wait in their middle. */
  readonly answers: HeldAnswers;
  /** Where mails are files. */
  readonly outbox: string;
  /** Where it keeps what it keeps. */
  readonly storage: Config['storage'];
  /** Does something to the store behind Lamplight's back: in one process, between two lives of it. */
  behind(work: () => Promise<void>): Promise<void>;
  /** Ends all its processes as a power cut would (SIGKILL), and waits until they are back. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

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
    missing: inject('canStartRedis') && inject('mongodbUri') ? undefined : 'needs Redis and MongoDB',
    start: startServices,
  },
];

async function startInOneProcess(env: NodeJS.ProcessEnv = {}): Promise<Place> {
  const answers = new HeldAnswers();
  const [model, dataDir] = await Promise.all([startModelServer(answers), newFolder()]);
  const standalone = await startStandalone({ env: { ...settingsFor(model), ...env }, dataDir });
  return {
    url: standalone.url,
    model,
    answers,
    outbox: join(dataDir, 'outbox'),
    storage: { kind: 'embedded', dataDir },
    behind: async (work) => {
      await standalone.stop();
      await work();
      await standalone.start();
    },
    kill: async () => {
      await standalone.kill();
      await standalone.start();
    },
    stop: async () => {
      answers.close();
      await standalone.stop();
      await model.close();
    },
  };
}

async function startServices(env: NodeJS.ProcessEnv = {}): Promise<Place> {
  const answers = new HeldAnswers();
  // A Redis of its own: what waits in queues would be done by whichever Lamplight asks first.
  const [model, dataDir, redis] = await Promise.all([startModelServer(answers), newFolder(), startRedis()]);
  if (!redis) throw new Error('There is no Redis on the PATH.');
  const mongodb = new URL(inject('mongodbUri') ?? '');
  mongodb.pathname = `/e2e-${randomUUID()}`;
  const services = await runServices({
    environment: {
      ...process.env,
      ...settingsFor(model),
      ...env,
      DATA_DIR: dataDir,
      MONGODB_URI: mongodb.href,
      REDIS_URL: redis.url,
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
    answers,
    outbox: join(dataDir, 'outbox'),
    storage: { kind: 'servers', mongodbUri: mongodb.href, redisUrl: redis.url },
    behind: (work) => work(),
    kill: async () => {
      const killed = services.processes.map(({ child }) => child);
      for (const child of killed) child.kill('SIGKILL');
      await waitFor(() => services.processes.every(({ child, ready }) => ready && !killed.includes(child)), {
        what: 'all services to be back',
        timeoutMs: 30_000,
      });
    },
    stop: async () => {
      answers.close();
      await services.stop();
      await Promise.all([model.close(), redis.stop()]);
    },
  };
}
