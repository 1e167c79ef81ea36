import type { RuntimeSettings } from '#contract/administration.ts';
import type { Actor } from '#domain/audit/actor.ts';
import type { Audit } from '#domain/audit/audit.ts';
import { AppError } from '#platform/errors.ts';
import type { Models } from '#platform/models/models.ts';
import type { RuntimeSettingsStore } from './runtime-settings.ts';
import { listSettings, type RuntimeSettingsChange } from './setting-values.ts';

export interface SettingsPorts {
  readonly runtime: RuntimeSettingsStore;
  readonly audit: Audit;
  readonly models: Models;
}

/** Changes settings for every process; the audit log gets what was and what is. Throws `unknown_model`, `store_unavailable`. */
export async function changeSettings(
  { runtime, audit, models }: SettingsPorts,
  actor: Actor,
  change: RuntimeSettingsChange,
): Promise<RuntimeSettings> {
  const { defaultModel } = change;
  if (defaultModel && !models.get(defaultModel)) {
    throw new AppError(
      'unknown_model',
      `There is no model "${defaultModel.slice(0, 80)}". GET /api/models lists them.`,
    );
  }
  const { before, after } = await runtime.change(change);
  const old = listSettings(before);
  const differences = [...listSettings(after)].filter(([path, value]) => old.get(path) !== value);
  if (differences.length > 0) {
    const details = Object.fromEntries(
      differences.map(([path, value]) => [path.replace('.', '_'), `${old.get(path)} → ${value}`]),
    );
    await audit.record({
      action: 'settings_change',
      outcome: 'success',
      actorId: actor.id,
      details,
      address: actor.address,
    });
  }
  return after;
}
