import type { Schedule } from '#contract/schedules.ts';
import type { ScheduleRecord } from './schedule-records.ts';
import { nextTimes } from './times.ts';

const moment = (ms: number): string => new Date(ms).toISOString();

/** What a person sees of a schedule of theirs. A time that is skipped is not the next one. */
export function presentSchedule(record: ScheduleRecord): Schedule {
  const { _id, name, timing, timeZone, settings, characterIds, sceneIds, idea, mail, paused, nextAt, last } = record;
  const skipped = nextAt !== undefined && nextAt === record.skipAt;
  const next = skipped ? nextTimes(timing, timeZone, nextAt, 1)[0] : nextAt;
  return {
    id: _id,
    name,
    timing,
    timeZone,
    settings,
    characterIds,
    sceneIds,
    idea,
    mail,
    paused,
    ...(next !== undefined && { nextAt: moment(next) }),
    ...(skipped && { skipped: moment(nextAt) }),
    ...(last && { last: { ...last, at: moment(last.at) } }),
    createdAt: moment(record.createdAt),
  };
}
