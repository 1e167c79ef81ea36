import type { z } from 'zod';
import { type RuntimeSettings, runtimeSettings, type runtimeSettingsChange } from '#contract/administration.ts';
import type { Config } from '#platform/config/config.ts';

export type RuntimeSettingsChange = z.output<typeof runtimeSettingsChange>;

/** What the environment says, until an administrator says otherwise. */
export const defaultSettings = ({ accounts, limits }: Pick<Config, 'accounts' | 'limits'>): RuntimeSettings => ({
  registration: accounts.registration,
  guests: accounts.guests,
  defaultModel: '',
  messagesPerMinute: limits.messagesPerMinute,
  runningAnswers: limits.runningAnswers,
  openSockets: limits.socketsPerPerson,
  budgets: {
    guest: limits.guestDailyTokens,
    user: limits.dailyTokens,
    manager: limits.dailyTokens,
    admin: limits.dailyTokens,
  },
  storiesPerDay: 10,
  runningStories: 20,
  banner: '',
});

type Value = string | number | boolean;

/** Every setting by its dotted path, such as `guests` and `budgets.user`. */
export function listSettings(settings: RuntimeSettings | RuntimeSettingsChange): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  const collect = (prefix: string, values: object) => {
    for (const [name, value] of Object.entries(values)) {
      if (typeof value === 'object') collect(`${prefix}${name}.`, value);
      else if (value !== undefined) found.set(prefix + name, value);
    }
  };
  collect('', settings);
  return found;
}

/**
 * `base` with those of `values` whose path `takes`. What was written by another release may lack settings, have more, or be out
 * of bounds: what does not fit stays as in `base`.
 */
export function overlay(base: RuntimeSettings, values: unknown, takes: (path: string) => boolean): RuntimeSettings {
  const found = listSettings(typeof values === 'object' && values !== null ? values : {});
  let result = base;
  for (const [path, value] of found) {
    if (!takes(path)) continue;
    const [name = '', inner] = path.split('.');
    const given = inner === undefined ? value : { ...result.budgets, [inner]: value };
    const tried = runtimeSettings.safeParse({ ...result, [name]: given });
    if (tried.success) result = tried.data;
  }
  return result;
}
