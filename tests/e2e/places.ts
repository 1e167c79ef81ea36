import { inject } from 'vitest';
import { runServices } from '#scripts/services/run-services.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';

/** Lamplight as people reach it, with a model that does as it is told. */
export interface Place {
  readonly url: string;
  readonly model: ModelServer;
  stop(): Promise<void>;
}

const modelSettings = (model: ModelServer) => ({
  OPENAI_BASE_URL: model.url,
  OPENAI_MODEL: 'scripted',
  MODEL_ATTEMPTS: '1',
  SHUTDOWN_GRACE_SECONDS: '2',
  LOG_LEVEL: 'error',
});

/** Both sizes, by name, with what each needs and does not find here. */
export const places: ReadonlyArray<{ name: string; missing: string | undefined; start: () => Promise<Place> }> = [
  { name: 'in one process', missing: undefined, start: startInOneProcess },
  {
    name: 'as separate services',
    missing: inject('redisUrl') && inject('mongodbUri') ? undefined : 'needs Redis and MongoDB',
    start: startServices,
  },
];

async function startInOneProcess(): Promise<Place> {
  const model = await startModelServer();
  const standalone = await startStandalone({ env: modelSettings(model) });
  return {
    url: standalone.url,
    model,
    stop: async () => {
      await standalone.stop();
      await model.close();
    },
  };
}

async function startServices(): Promise<Place> {
  const model = await startModelServer();
  const mongodb = new URL(inject('mongodbUri') ?? '');
  mongodb.pathname = `/e2e${Date.now()}`;
  const redis = new URL(inject('redisUrl') ?? '');
  const services = await runServices({
    environment: { ...process.env, ...modelSettings(model), MONGODB_URI: mongodb.href, REDIS_URL: redis.href },
    port: 0,
    firstOpsPort: 0,
    counts: { realtime: 2, worker: 2 },
    logger: collectingLogger().logger,
    stopMs: 15_000,
  });
  return {
    url: services.url,
    model,
    stop: async () => {
      await services.stop();
      await model.close();
    },
  };
}
