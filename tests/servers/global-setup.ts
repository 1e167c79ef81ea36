import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { modules } from '#nginx/templates/nginx-conf.ts';
import type { TestServer } from './child.ts';
import { findChromium, findProgram, startMongo, startRedis } from './programs.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A Redis that all test files share: use keys of your own, never flush it. */
    redisUrl: string | undefined;
    /** A MongoDB that all test files share: use a database of your own. */
    mongodbUri: string | undefined;
    /** Path of a Chromium. */
    chromium: string | undefined;
    /** Whether tests can start (and kill) servers of their own. */
    canStartRedis: boolean;
    canStartMongo: boolean;
    /** Paths of the programs that some tests run, where they are on the PATH. */
    programs: Programs;
  }
}

const toolNames = [
  'actionlint',
  'awscli-python',
  'certbot',
  'espeak-ng',
  'ffmpeg',
  'gixy',
  'go',
  'helm',
  'k6',
  'kubeconform',
  'nginx',
  'openssl',
  'pebble',
  'pebble-challtestsrv',
  'rsync',
  'schemathesis',
  'sshd',
  'systemd-analyze',
  'zizmor',
] as const;

type Programs = Readonly<Partial<Record<(typeof toolNames)[number], string>>>;

/** An Nginx without the modules that the edge loads, which are packages of their own, is none. */
const isUsable = (name: string): boolean => name !== 'nginx' || modules.every((file) => existsSync(file));

const findTools = (): Programs =>
  Object.fromEntries(
    toolNames
      .filter(isUsable)
      .map((name) => [name, findProgram(name)])
      .filter(([, path]) => path !== undefined),
  );

/** Finds or starts the servers that tests share. Says what is missing; with CI=true that is a failure. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started: TestServer[] = [];
  const own = async (start: () => Promise<TestServer | undefined>) => {
    const server = await start();
    if (server) started.push(server);
    return server?.url;
  };
  const found = {
    redisUrl: process.env['TEST_REDIS_URL'] || (await own(startRedis)),
    mongodbUri: process.env['TEST_MONGODB_URI'] || (await own(startMongo)),
    chromium: findChromium(),
  };
  const canStartRedis = findProgram('redis-server') !== undefined;
  const canStartMongo = findProgram('mongod', 'mongo-test-server') !== undefined;
  const programs = findTools();
  const missing = [
    !found.redisUrl && 'Redis (set TEST_REDIS_URL or put redis-server on the PATH)',
    !canStartRedis && 'a Redis to restart (put redis-server on the PATH)',
    !found.mongodbUri && 'MongoDB (set TEST_MONGODB_URI, or put mongod on the PATH)',
    !canStartMongo && 'a MongoDB to restart (put mongod on the PATH)',
    !found.chromium && 'a browser (put chromium on the PATH)',
    ...toolNames.map((name) => programs[name] === undefined && `${name} (scripts/install-test-tools.sh ${name})`),
  ].filter((line) => line !== false);
  if (missing.length > 0) {
    const report = `Tests are skipped that need:\n${missing.map((line) => `  - ${line}`).join('\n')}`;
    if (process.env['CI'] === 'true') throw new Error(`${report}\nWith CI=true this is a failure.`);
    console.warn(report);
  }
  for (const [name, value] of Object.entries({ ...found, canStartRedis, canStartMongo })) {
    project.provide(name as 'redisUrl', value as string | undefined);
  }
  project.provide('programs', programs);
  return async () => {
    await Promise.all(started.map((server) => server.stop()));
  };
}
