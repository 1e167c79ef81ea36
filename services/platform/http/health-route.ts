import type { Health } from '#contract/health.ts';

/** Asks one dependency whether it is there; rejects where it is not. */
type Ping = () => Promise<unknown>;

export interface HealthOptions {
  readonly service: string;
  readonly version: string;
  /** By the name of the dependency. */
  readonly pings: Readonly<Record<string, Ping>>;
  /** Whether the process is about to stop. */
  readonly draining: () => boolean;
  /** How long a ping may take. */
  readonly timeoutMs?: number;
}

type Dependency = Health['dependencies'][string];

/**
 * Answers `GET /health`. Requests that come together share one round of pings, so that asking often costs the
 * dependencies nothing. Why one is down is in the logs of what uses it: its address is no business of the public.
 */
export function healthCheck({
  service,
  version,
  pings,
  draining,
  timeoutMs = 1000,
}: HealthOptions): () => Promise<Health> {
  const check = async (): Promise<Health> => {
    const found = await Promise.all(
      Object.entries(pings).map(async ([name, ping]) => [name, await ask(ping, timeoutMs)] as const),
    );
    const down = found.some(([, { status }]) => status === 'down');
    const status = draining() ? 'draining' : down ? 'degraded' : 'ok';
    return { status, service, version, dependencies: Object.fromEntries(found) };
  };
  let underWay: Promise<Health> | undefined;
  return () => {
    underWay ??= check().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

function ask(ping: Ping, timeoutMs: number): Promise<Dependency> {
  const { promise, resolve } = Promise.withResolvers<Dependency>();
  const timer = setTimeout(() => resolve({ status: 'down', message: `No answer within ${timeoutMs} ms.` }), timeoutMs);
  const answered = async () => {
    try {
      await ping();
      resolve({ status: 'up' });
    } catch {
      resolve({ status: 'down', message: 'It cannot be reached.' });
    } finally {
      clearTimeout(timer);
    }
  };
  void answered();
  return promise;
}
