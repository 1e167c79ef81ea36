import { z } from 'zod';
import { runtimeSettings } from '#contract/administration.ts';
import type { CollectionSpec } from '#platform/store/store.ts';

/** The run-time settings of the whole installation: one document, so that a change holds as a whole or not at all. */
const settings = z.object({
  _id: z.string(),
  /** Goes up with each change; a change is made on the version that it was worked out from. */
  version: z.number(),
  values: runtimeSettings,
  /** Dotted paths of what an administrator changed. All else follows the environment at each start. */
  changed: z.array(z.string()),
});
export type SettingsRecord = z.infer<typeof settings>;

export const settingsId = 'settings';
export const settingsCollection: CollectionSpec<SettingsRecord> = {
  name: 'settings',
  version: 1,
  schema: settings,
  indexes: [],
};
