import type { Health } from '#contract/health.ts';
import { checkDependencies, type DependencyChecks } from '#platform/telemetry/dependency-checks.ts';

export interface HealthOptions {
  readonly service: string;
  readonly version: string;
  /** By the name of the dependency. */
  readonly pings: DependencyChecks;
  /** Whether the process is about to stop. */
  readonly draining: () => boolean;
  /** How long a ping may take. */
  readonly timeoutMs?: number;
}

/**
 * Answers `GET /health`. Requests that come together share one round of pings, so that asking often costs the
 * dependencies nothing. Why one is down is on the ops port and in the logs of what uses it: its address is no business of
 * the public.
 */
export function healthCheck({ service, version, pings, draining, timeoutMs }: HealthOptions): () => Promise<Health> {
  const check = async (): Promise<Health> => {
    const found = Object.entries(await checkDependencies(pings, timeoutMs));
    const down = found.some(([, state]) => state.status === 'down');
    const status = draining() ? 'draining' : down ? 'degraded' : 'ok';
    const dependencies = Object.fromEntries(found.map(([name, state]) => [name, inPublic(state)]));
    return { status, service, version, dependencies };
  };
  let underWay: Promise<Health> | undefined;
  return () => {
    underWay ??= check().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

const inPublic = ({ status }: Health['dependencies'][string]): Health['dependencies'][string] =>
  status === 'up' ? { status } : { status, message: 'It cannot be reached.' };
