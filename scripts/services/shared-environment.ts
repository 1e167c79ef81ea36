import { resolve } from 'node:path';
import type { Config } from '#platform/config/config.ts';
import { signingSecrets } from '#services/foundation/signing-secrets.ts';

/**
 * What the processes of one machine share where the settings do not say it: one JWT_SECRET, kept in `DATA_DIR` as one process alone
 * keeps its own, so that sessions outlive a restart; and that the front, which alone reaches them, is believed about who asks.
 * `folder`: what a relative DATA_DIR is in. `config`: what the environment says.
 */
export async function sharedEnvironment(
  environment: NodeJS.ProcessEnv,
  { config, folder }: { config: Config; folder: string },
): Promise<NodeJS.ProcessEnv> {
  const shared = { ...environment };
  if (config.http.trustedProxies.length === 0) shared['TRUSTED_PROXIES'] = 'loopback';
  if (config.accounts.jwtSecrets.length > 0) return shared;
  const dataDir = resolve(folder, environment['DATA_DIR']?.trim() || 'data');
  const secrets = await signingSecrets({ ...config, storage: { kind: 'embedded', dataDir } });
  // A file that holds none would stand beside it.
  delete shared['JWT_SECRET_FILE'];
  return { ...shared, JWT_SECRET: secrets.join(',') };
}
