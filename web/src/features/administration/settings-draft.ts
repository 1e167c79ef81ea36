import type { z } from 'zod';
import type { Role } from '#contract/accounts.ts';
import type { RuntimeSettings, runtimeSettingsChange } from '#contract/administration.ts';
import { mostTokens, readWhole } from './whole-number.ts';

export type SettingsChange = z.input<typeof runtimeSettingsChange>;

/** Numbers as the contract bounds them; a test holds them to it. */
export const numberFields = {
  messagesPerMinute: [1, 100_000],
  runningAnswers: [1, 100_000],
  openSockets: [1, 100_000],
  storiesPerDay: [0, 1_000],
  runningStories: [0, 10_000],
} as const satisfies Partial<Record<keyof RuntimeSettings, readonly [min: number, max: number]>>;

export type NumberField = keyof typeof numberFields;
const numberNames = Object.keys(numberFields) as readonly NumberField[];
export const budgetRoles = ['guest', 'user', 'manager', 'admin'] as const satisfies readonly Role[];
const plainNames = ['registration', 'guests', 'defaultModel', 'banner'] as const;

/** What the form holds: numbers as they were typed. */
export interface SettingsDraft extends Pick<RuntimeSettings, (typeof plainNames)[number]> {
  readonly numbers: Readonly<Record<NumberField, string>>;
  readonly budgets: Readonly<Record<Role, string>>;
}

export function draftOf(settings: RuntimeSettings): SettingsDraft {
  const { registration, guests, defaultModel, banner, budgets } = settings;
  const textsOf = <K extends string>(names: readonly K[], of: Record<K, number>) =>
    Object.fromEntries(names.map((name) => [name, String(of[name])])) as Record<K, string>;
  return {
    registration,
    guests,
    defaultModel,
    banner,
    numbers: textsOf(numberNames, settings),
    budgets: textsOf(budgetRoles, budgets),
  };
}

/** A draft on settings that somebody else changed meanwhile: what was changed here stays, all else is as it is now. */
export function rebased(draft: SettingsDraft, before: RuntimeSettings, now: RuntimeSettings): SettingsDraft {
  const [old, fresh] = [draftOf(before), draftOf(now)];
  const merge = <T extends object>(mine: T, one: T, other: T): T =>
    Object.fromEntries(
      Object.entries(mine).map(([key, value]) => [key, value === one[key as keyof T] ? other[key as keyof T] : value]),
    ) as T;
  return {
    ...merge(draft, old, fresh),
    numbers: merge(draft.numbers, old.numbers, fresh.numbers),
    budgets: merge(draft.budgets, old.budgets, fresh.budgets),
  };
}

export interface Difference {
  /** What is to be sent: only what was changed. */
  readonly change: SettingsChange;
  readonly count: number;
  /** Every number is one, and within its bounds. */
  readonly isValid: boolean;
}

const readNumber = (name: NumberField, text: string): number | undefined => {
  const [min, max] = numberFields[name];
  return readWhole(text, min, max);
};
const readBudget = (text: string): number | undefined => readWhole(text, 0, mostTokens);

/** What of a draft is not as the settings are. */
export function differenceOf(settings: RuntimeSettings, draft: SettingsDraft): Difference {
  const plain = plainNames.filter((name) => settings[name] !== draft[name]).map((name) => [name, draft[name]]);
  const numbers = numberNames
    .map((name) => [name, readNumber(name, draft.numbers[name])] as const)
    .filter(([name, value]) => value !== settings[name]);
  const budgets = budgetRoles
    .map((role) => [role, readBudget(draft.budgets[role])] as const)
    .filter(([role, value]) => value !== settings.budgets[role]);
  return {
    change: {
      ...Object.fromEntries([...plain, ...numbers]),
      ...(budgets.length > 0 && { budgets: Object.fromEntries(budgets) }),
    },
    count: plain.length + numbers.length + budgets.length,
    isValid: [...numbers, ...budgets].every(([, value]) => value !== undefined),
  };
}
