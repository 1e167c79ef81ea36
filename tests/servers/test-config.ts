import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidV7 } from 'uuid';
import { generousLimits } from '#domain/limits/rate-limits.fixture.ts';
import type { Config, ModelConfig } from '#platform/config/config.ts';
import type { TestChatOptions } from './test-chat.ts';

const model = (id: string, contextTokens: number): ModelConfig => ({
  id,
  providerModel: id,
  name: id,
  contextTokens,
  vision: false,
  price: { inputPerMillion: 0, outputPerMillion: 0 },
});

/** The settings of one process whose model is `modelUrl`. */
export const testConfig = (options: TestChatOptions, modelUrl: string): Config => ({
  version: '0.0.0-test',
  http: {
    host: '127.0.0.1',
    port: 0,
    opsPort: 0,
    publicUrl: 'http://lamplight.test',
    corsOrigins: options.corsOrigins ?? [],
    trustedProxies: options.trustedProxies ?? [],
  },
  storage: { kind: 'embedded', dataDir: ':memory:' },
  models: {
    default: 'scripted',
    attempts: 1,
    timeouts: { firstTokenMs: 10_000, betweenTokensMs: 10_000 },
    providers: [
      {
        name: 'test',
        baseUrl: modelUrl,
        apiKey: 'k',
        models: [model('scripted', 10_000_000), model('small', options.contextTokens ?? 100)],
      },
    ],
  },
  chat: {
    systemText: '',
    contextMessages: 20,
    workerConcurrency: 50,
    maxRunMs: 60_000,
    maxOutputLength: 1_000_000,
    maxReplyTokens: 1_000,
    ...options.settings,
  },
  accounts: {
    jwtSecrets: ['a-secret-of-tests-that-is-long-enough'],
    admin: { email: 'admin@lamplight.test' },
    registration: 'open',
    guests: true,
    sessionMs: 30 * 24 * 3_600_000,
    guestSessionMs: options.guestSessionMs ?? 24 * 3_600_000,
    ...(options.openId && { openId: options.openId }),
  },
  stories: { ttlMs: 48 * 3_600_000, favourites: 50, concurrency: 10, libraryDir: 'library' },
  speech: { kind: 'none', voice: '' },
  images: {},
  moderation: { kind: 'model', model: 'moderation' },
  mail: { outbox: join(tmpdir(), `lamplight-outbox-${uuidV7()}`), from: 'Lamplight <lamplight@lamplight.test>' },
  limits: { ...generousLimits, ...options.limits },
  logs: { level: 'debug' },
  shutdown: { graceMs: 0 },
});
