import type { Config } from '#platform/config/config.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Broadcast } from './broadcast.ts';
import { LocalBroadcast } from './local-broadcast.ts';

/** The broadcast that the configuration asks for. Resolves where Redis is away, too: `ping` tells. */
export async function openBroadcast(
  storage: Config['storage'],
  options: { readonly logger: Logger },
): Promise<Broadcast> {
  if (storage.kind === 'embedded') return new LocalBroadcast(options);
  const { RedisBroadcast } = await import('./redis-broadcast.ts');
  return RedisBroadcast.connect(storage.redisUrl, options);
}
