import { z } from 'zod';
import { timeZone } from './accounts.ts';
import { errorDetail } from './errors.ts';
import { id, moment, page } from './pages.ts';
import { line, storySettings } from './story-parts.ts';

/** Wall-clock time in the schedule's own time zone. */
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time of day such as 19:15.');

/** Monday is 1, Sunday 7, as ISO 8601 counts. */
const weekday = z.int().min(1).max(7);

export const timing = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('days'),
      days: z
        .array(weekday)
        .min(1)
        .max(7)
        .overwrite((days) => [...new Set(days)].sort()),
      time,
    }),
    /** Five fields: minute, hour, day of month, month, day of week. At most one time in an hour. */
    z.object({ kind: z.literal('cron'), cron: z.string().trim().min(9).max(100) }),
  ])
  .meta({ id: 'Timing' });
export type Timing = z.infer<typeof timing>;

const text = {
  /** What it is called: most often whom the stories are for. */
  name: line(60),
  timing,
  timeZone,
  settings: storySettings,
  characterIds: z.array(id).max(5),
  sceneIds: z.array(id).max(3),
  /** What its stories are to be about; empty: anything. */
  idea: z
    .string()
    .overwrite((idea) => idea.toWellFormed())
    .trim()
    .max(2_000),
  /** Whether each story is sent by mail. */
  mail: z.boolean(),
  paused: z.boolean(),
};

/** Every day at 19:15, unless it says otherwise; time zone and settings are mine where absent. */
export const newSchedule = z
  .object({
    ...text,
    timing: timing.default({ kind: 'days', days: [1, 2, 3, 4, 5, 6, 7], time: '19:15' }),
    timeZone: timeZone.optional(),
    settings: storySettings.partial().default({}),
    characterIds: text.characterIds.default([]),
    sceneIds: text.sceneIds.default([]),
    idea: text.idea.default(''),
    mail: z.boolean().default(true),
    paused: z.boolean().default(false),
    /** The client's own ID of this schedule. A repeat with the same ID changes that one, and never makes a second. */
    clientScheduleId: id.optional(),
  })
  .meta({ id: 'NewSchedule' });
export const scheduleChange = z
  .object({ ...text, settings: storySettings.partial() })
  .partial()
  .meta({ id: 'ScheduleChange' });

export const schedule = z
  .object({
    id,
    ...text,
    /** The next time a story is written; absent while it is paused, or where it never comes again. */
    nextAt: moment.optional(),
    /** The next one is left out: the time that is skipped. */
    skipped: moment.optional(),
    /** What came of the last one. */
    last: z
      .object({
        at: moment,
        storyId: id.optional(),
        outcome: z.enum(['begun', 'late', 'refused']),
        error: errorDetail.pick({ code: true, message: true }).optional(),
      })
      .optional(),
    createdAt: moment,
  })
  .meta({ id: 'Schedule' });
export type NewSchedule = z.input<typeof newSchedule>;
export type Schedule = z.infer<typeof schedule>;
export const schedulePage = page(schedule).meta({ id: 'SchedulePage' });

export const scheduleRun = z
  .object({
    /** The client's own ID of this request. A repeat with the same ID gets the same story, never a second one. */
    clientStoryId: id.optional(),
  })
  .meta({ id: 'ScheduleRun' });

export const timingPreview = z.object({ timing, timeZone }).meta({ id: 'TimingPreview' });
/** The next times, at most five. */
export const timingTimes = z.object({ times: z.array(moment) }).meta({ id: 'TimingTimes' });
