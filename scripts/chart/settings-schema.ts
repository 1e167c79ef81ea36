import { z } from 'zod';
import type { Setting } from '#platform/config/setting.ts';
import { settings } from '#platform/config/settings.ts';

/** Settings that the chart writes itself, from values of its own. */
const ownSettings: ReadonlySet<string> = new Set([
  'HOST',
  'PORT',
  'OPS_PORT',
  'PUBLIC_URL',
  'CORS_ORIGINS',
  'TRUSTED_PROXIES',
  'DATA_DIR',
  'MODELS_FILE',
  'LOG_FILE',
  'SHUTDOWN_GRACE_SECONDS',
]);

/** What `settings` in the values may hold: each setting of the services but secrets and those with a value of their own. */
export const chartSettings: readonly Setting[] = (settings as readonly Setting[]).filter(
  ({ name, secret }) => !secret && !ownSettings.has(name),
);

const schemaFile = z.looseObject({ properties: z.looseObject({ settings: z.looseObject({}) }) });

/** values.schema.json with the settings that there are now. */
export function withSettings(text: string): string {
  const schema = schemaFile.parse(JSON.parse(text));
  schema.properties.settings['properties'] = Object.fromEntries(
    chartSettings.map(({ name, description }) => [name, { type: ['string', 'number', 'boolean'], description }]),
  );
  return `${JSON.stringify(schema, null, 2)}\n`;
}
