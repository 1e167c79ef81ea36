import { z } from 'zod';
import { errorCodeNames } from '#contract/error-codes.ts';
import { timing } from '#contract/schedules.ts';
import { storySettings } from '#contract/story-parts.ts';
import type { Collection, CollectionSpec, Store } from '#platform/store/store.ts';

const schedule = z.object({
  _id: z.string(),
  ownerId: z.string(),
  /** From 0 up: no two schedules of a person have the same, so that parallel requests make no more than allowed. */
  slot: z.number(),
  name: z.string(),
  timing,
  timeZone: z.string(),
  settings: storySettings,
  characterIds: z.array(z.string()),
  sceneIds: z.array(z.string()),
  idea: z.string(),
  mail: z.boolean(),
  paused: z.boolean(),
  /** The next time that is due, ms since the epoch; absent while paused, or where it never comes again. */
  nextAt: z.number().optional(),
  /** A time that is left out: it passes without a story. */
  skipAt: z.number().optional(),
  /** A time that was due, and whose story is to be begun under these ids. The schedule is its own outbox: the sweep repeats the job. */
  due: z.object({ at: z.number(), storyId: z.string(), runId: z.string(), claimedAt: z.number() }).optional(),
  /** While `due` is set, when that was noted, or last tried in vain; absent else: what the sweep looks for. */
  dueSince: z.number().optional(),
  /** What came of the last time. */
  last: z
    .object({
      at: z.number(),
      storyId: z.string().optional(),
      outcome: z.enum(['begun', 'late', 'refused']),
      /** Why it was refused. */
      error: z.object({ code: z.enum(errorCodeNames), message: z.string() }).optional(),
    })
    .optional(),
  /** Goes up with each change of its timing: a claim that read an older one does nothing. */
  version: z.number(),
  createdAt: z.number(),
});
export type ScheduleRecord = z.infer<typeof schedule>;
export type DueTime = NonNullable<ScheduleRecord['due']>;

export const scheduleCollection = {
  name: 'schedules',
  version: 1,
  schema: schedule,
  indexes: [
    { fields: ['ownerId', 'slot'], unique: true },
    { fields: ['ownerId', 'createdAt'] },
    { fields: ['nextAt'] },
    { fields: ['dueSince'] },
  ],
} satisfies CollectionSpec<ScheduleRecord>;

export const openScheduleRecords = (store: Store): Collection<ScheduleRecord> =>
  store.collection<ScheduleRecord>(scheduleCollection);
