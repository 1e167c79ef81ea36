import type { Clock } from '#platform/clock.ts';
import type { Config } from '#platform/config/config.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { LocalRunLog } from './local-run-log.ts';
import type { RunLog } from './run-log.ts';

/** The run log that the configuration asks for. Resolves where Redis is away, too: `ping` tells. */
export async function openRunLog(
  storage: Config['storage'],
  options: { readonly clock: Clock; readonly logger: Logger },
): Promise<RunLog> {
  if (storage.kind === 'embedded') return new LocalRunLog(options);
  const { RedisRunLog } = await import('./redis-run-log.ts');
  return RedisRunLog.connect(storage.redisUrl, options);
}
