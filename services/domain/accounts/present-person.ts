import type { z } from 'zod';
import type { person } from '#contract/accounts.ts';
import type { PersonRecord } from './account-records.ts';

/** What is read of a person to present them: no hash, no subject. */
export const presentedFields = [
  'name',
  'email',
  'role',
  'disabled',
  'deleted',
  'timeZone',
  'createdAt',
  'lastSeenAt',
  'dailyTokenBudget',
] as const;
export type PresentedPerson = Pick<PersonRecord, '_id' | (typeof presentedFields)[number]>;

/** A person as managers and administrators see them. */
export const presentPerson = (record: PresentedPerson): z.output<typeof person> => ({
  id: record._id,
  name: record.name,
  ...(record.email !== undefined && { email: record.email }),
  role: record.role,
  disabled: record.disabled,
  timeZone: record.timeZone,
  createdAt: new Date(record.createdAt).toISOString(),
  lastSeenAt: new Date(record.lastSeenAt).toISOString(),
  ...(record.dailyTokenBudget !== undefined && { dailyTokenBudget: record.dailyTokenBudget }),
});
