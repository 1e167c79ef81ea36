import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '#platform/config/config.ts';
import { startModelServer } from '#tests/model-server/model-server.ts';
import { admin } from '#tests/servers/lamplight-process.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { tellSceneStory } from './scene-story.ts';
import { rehearsed } from './scene-talks.ts';

/** A Lamplight that can be filled with scenes: see `seed-scenes.ts`. */
export interface ScenePlace {
  readonly url: string;
  /** Where mails are files. */
  readonly outbox: string;
  readonly storage: Config['storage'];
  readonly admin: { readonly email: string; readonly password: string };
  /** Does something to the store behind Lamplight's back, between two lives of it. */
  behind(work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Lamplight in one process, empty, with a model server that says what the scenes need. `env`: settings beside or over those here. */
export async function startScenePlace(env: NodeJS.ProcessEnv = {}): Promise<ScenePlace> {
  const model = await startModelServer({ models: ['evening-large'], rehearsed, storyteller: tellSceneStory });
  const dataDir = await mkdtemp(join(tmpdir(), 'lamplight-scenes-'));
  const settings: NodeJS.ProcessEnv = {
    OPENAI_BASE_URL: model.url,
    OPENAI_MODEL: 'evening-large',
    OPENAI_INPUT_PRICE: '0.4',
    OPENAI_OUTPUT_PRICE: '1.6',
    DAILY_TOKEN_BUDGET: '200000',
    GUEST_DAILY_TOKEN_BUDGET: '20000',
    MODEL_ATTEMPTS: '1',
    SHUTDOWN_GRACE_SECONDS: '2',
    LOG_LEVEL: 'error',
  };
  const standalone = await startStandalone({ env: { ...settings, ...env }, dataDir });
  return {
    url: standalone.url,
    outbox: join(dataDir, 'outbox'),
    storage: { kind: 'embedded', dataDir },
    admin,
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
