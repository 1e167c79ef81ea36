import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from 'proxy-addr';
import { z } from 'zod';
import { logLevels } from '#platform/telemetry/logger.ts';
import type { Config } from './config.ts';
import { readAccounts } from './read-accounts.ts';
import { readLimits } from './read-limits.ts';
import { readModels } from './read-models.ts';
import { readStories } from './read-stories.ts';
import {
  type AddProblem,
  createSettingReader,
  quote,
  type SettingReader,
  webAddressProblem,
} from './setting-reader.ts';

/** The names and values of the environment. An empty value is the same as none. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Every mistake in the settings at once, each as `SETTING: what is wrong and what to write`. Holds no value of a secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`These settings are not right:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const ports = { min: 0, max: 65_535 };
const second = 1000;

/** The settings in `env`, or one `ConfigError`. Reads the files that `NAME_FILE` and `MODELS_FILE` name, and nothing else. */
export function loadConfig(env: Environment): Config {
  const problems: string[] = [];
  const addProblem: AddProblem = (setting, problem) => {
    problems.push(`${setting}: ${problem}`);
  };
  const read = createSettingReader(env, addProblem);
  const file = read.text('LOG_FILE');
  const http = readHttp(read, addProblem);
  const models = readModels(read, addProblem);
  const config: Config = {
    version: readVersion(),
    http,
    storage: readStorage(read, addProblem),
    models,
    chat: {
      systemText: read.text('SYSTEM_TEXT') ?? '',
      contextMessages: read.integer('CONTEXT_MESSAGES', { min: 1, max: 1000 }),
      workerConcurrency: read.integer('WORKER_CONCURRENCY', { min: 1, max: 10_000 }),
      maxRunMs: read.integer('MAX_RUN_SECONDS', { min: 1, max: 86_400 }) * second,
      maxOutputLength: read.integer('MAX_OUTPUT_CHARACTERS', { min: 1, max: 4_000_000 }),
      maxReplyTokens: read.integer('MAX_REPLY_TOKENS', { min: 16, max: 10_000_000 }),
    },
    accounts: readAccounts(read, addProblem, http.publicUrl),
    ...readStories(read, addProblem, models),
    mail: readMail(read, http.publicUrl),
    limits: readLimits(read),
    logs: { level: read.oneOf('LOG_LEVEL', logLevels), ...(file !== undefined && { file }) },
    shutdown: { graceMs: read.integer('SHUTDOWN_GRACE_SECONDS', { min: 0, max: 3600 }) * second },
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return freeze(config);
}

function readHttp(read: SettingReader, addProblem: AddProblem): Config['http'] {
  const host = read.text('HOST')?.trim() ?? '';
  if (!/^[\w.:%-]+$/.test(host))
    addProblem('HOST', `${quote(host)} is not an address. Write for example 127.0.0.1 or 0.0.0.0.`);
  const port = read.integer('PORT', ports);
  const opsPort = read.integer('OPS_PORT', ports);
  if (port === opsPort && port !== 0) addProblem('OPS_PORT', `is ${opsPort}, as is PORT. Write another one.`);
  return {
    host,
    port,
    opsPort,
    publicUrl: read.webAddress('PUBLIC_URL') ?? `http://localhost:${port}`,
    corsOrigins: readOrigins(read.text('CORS_ORIGINS') ?? '', addProblem),
    trustedProxies: readNetworks(read.text('TRUSTED_PROXIES') ?? '', addProblem),
  };
}

/** `proxy-addr` reads them as Express does; a network that it does not know would end the process later and without a word of where. */
function readNetworks(text: string, addProblem: AddProblem): readonly string[] {
  const networks = split(text);
  for (const network of networks) {
    try {
      compile([network]);
    } catch {
      addProblem(
        'TRUSTED_PROXIES',
        `${quote(network)} is not a network. Write for example 10.0.0.0/8, an address, or uniquelocal.`,
      );
    }
  }
  return networks;
}

function readMail(read: SettingReader, publicUrl: string): Config['mail'] {
  const smtpUrl = read.serverAddress('SMTP_URL', ['smtp', 'smtps']);
  return {
    ...(smtpUrl !== undefined && { smtpUrl }),
    outbox: join(read.text('DATA_DIR') ?? '', 'outbox'),
    from: read.text('MAIL_FROM') ?? `Lamplight <lamplight@${URL.parse(publicUrl)?.hostname ?? 'localhost'}>`,
  };
}

const split = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function readOrigins(text: string, addProblem: AddProblem): readonly string[] {
  const origins = split(text);
  for (const origin of origins) {
    const problem = webAddressProblem(origin);
    const exact = URL.parse(origin)?.origin;
    if (problem)
      addProblem('CORS_ORIGINS', `${quote(origin)} ${problem} Write exact origins such as https://www.example.org.`);
    else if (exact !== origin) addProblem('CORS_ORIGINS', `${quote(origin)} is not an exact origin. Write ${exact}.`);
  }
  return [...new Set(origins)];
}

function readStorage(read: SettingReader, addProblem: AddProblem): Config['storage'] {
  const mongodbUri = read.serverAddress('MONGODB_URI', ['mongodb', 'mongodb+srv']);
  const redisUrl = read.serverAddress('REDIS_URL', ['redis', 'rediss']);
  if (mongodbUri !== undefined && redisUrl !== undefined) return { kind: 'servers', mongodbUri, redisUrl };
  const together = 'Set both, or neither to keep everything in DATA_DIR.';
  if (mongodbUri !== undefined) addProblem('REDIS_URL', `is missing, while MONGODB_URI is set. ${together}`);
  if (redisUrl !== undefined) addProblem('MONGODB_URI', `is missing, while REDIS_URL is set. ${together}`);
  return { kind: 'embedded', dataDir: read.text('DATA_DIR') ?? '' };
}

/** The release, from the package that this file belongs to. */
function readVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}
