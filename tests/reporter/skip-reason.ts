import type { ProvidedContext } from 'vitest';

/** What a test needs when it asks for one of these with `inject`, in words for the person who wants it to run. */
const needs: Record<Exclude<keyof ProvidedContext, 'programs'>, string> = {
  redisUrl: 'needs Redis (set TEST_REDIS_URL or put redis-server on the PATH)',
  mongodbUri: 'needs MongoDB (set TEST_MONGODB_URI or put mongod on the PATH)',
  chromium: 'needs a browser (put chromium on the PATH)',
  canStartRedis: 'needs a Redis to restart (put redis-server on the PATH)',
  canStartMongo: 'needs a MongoDB to restart (put mongod on the PATH)',
};

const isNeed = (name: string): name is keyof typeof needs => name in needs;

const words = (list: string): string[] => list.match(/[\w-]+/g) ?? [];

/** Why a test file skips tests: what it injects that is not there; `source` is its text. */
export function skipReason(source: string, provided: Partial<ProvidedContext>): string {
  const injected = [...source.matchAll(/\binject\('(\w+)'\)/g)].map((match) => match[1] ?? '');
  const missing = [...new Set(injected)].filter(isNeed).filter((name) => !provided[name]);
  const programs = [...source.matchAll(/\{([^{}]*)\} = inject\('programs'\)/g)].flatMap((match) =>
    words(match[1] ?? ''),
  );
  const absent = programs.filter((name) => !(name in (provided.programs ?? {})));
  const reasons = [
    ...missing.map((name) => needs[name]),
    ...absent.map((name) => `needs ${name} (scripts/install-test-tools.sh ${name})`),
  ];
  return reasons.join('; ') || 'switched off in its source';
}
