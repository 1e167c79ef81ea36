import type { Config } from '#platform/config/config.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Limits } from './limits.ts';
import { LocalLimits } from './local-limits.ts';

/** The limits that the configuration asks for. `onLocal`: called with each count that Redis should have kept and did not. */
export async function openLimits(
  storage: Config['storage'],
  options: { readonly logger: Logger; readonly onLocal?: () => void },
): Promise<Limits> {
  if (storage.kind === 'embedded') return new LocalLimits();
  const { RedisLimits } = await import('./redis-limits.ts');
  return RedisLimits.connect(storage.redisUrl, options);
}
