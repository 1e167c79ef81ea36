import type { ProvidedContext } from 'vitest';

/** What a test needs when it asks for one of these with `inject`, in words for the person who wants it to run. */
const needs: Record<keyof ProvidedContext, string> = {
  redisUrl: 'needs Redis (set TEST_REDIS_URL or put redis-server on the PATH)',
  mongodbUri: 'needs MongoDB (set TEST_MONGODB_URI or put mongod on the PATH)',
  chromium: 'needs a browser (put chromium on the PATH)',
  canStartRedis: 'needs a Redis to restart (put redis-server on the PATH)',
  canStartMongo: 'needs a MongoDB to restart (put mongod on the PATH)',
};

const isNeed = (name: string): name is keyof ProvidedContext => name in needs;

/** Why a test file skips tests: what it injects that is not there; `source` is its text. */
export function skipReason(source: string, provided: Partial<ProvidedContext>): string {
  const injected = [...source.matchAll(/\binject\('(\w+)'\)/g)].map((match) => match[1] ?? '');
  const missing = [...new Set(injected)].filter(isNeed).filter((name) => !provided[name]);
  return missing.map((name) => needs[name]).join('; ') || 'switched off in its source';
}
