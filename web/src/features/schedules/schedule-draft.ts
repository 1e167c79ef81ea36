import type { Schedule, Timing } from '#contract/schedules.ts';
import { settingsOf, type Telling, tellingOf } from '../stories/telling.ts';
import type { NewSchedule } from './use-schedules.ts';

type Settings = Schedule['settings'];

/** A schedule while it is set up: what is text in a field is text here. */
export interface ScheduleDraft {
  readonly reader: string;
  /** What it is called where that is not whom it is for. */
  readonly ownName: string | undefined;
  readonly timing: Timing;
  readonly timeZone: string;
  readonly settings: Settings;
  readonly telling: Telling;
  readonly idea: string;
  readonly characterIds: readonly string[];
  readonly sceneIds: readonly string[];
  readonly mail: boolean;
}

export const everyEvening: Timing = { kind: 'days', days: [1, 2, 3, 4, 5, 6, 7], time: '19:15' };

export function draftOf(schedule: Schedule | undefined, settings: Settings, timeZone: string): ScheduleDraft {
  const { name, characterIds = [], sceneIds = [], idea = '', mail = true } = schedule ?? {};
  const reader = schedule ? settings.readerName || schedule.name : settings.readerName;
  return {
    reader,
    ownName: name === reader ? undefined : name,
    timing: schedule?.timing ?? everyEvening,
    timeZone: schedule?.timeZone ?? timeZone,
    settings,
    telling: tellingOf(settings),
    idea,
    characterIds,
    sceneIds,
    mail,
  };
}

/** Whether there is a time to ask about and to save. */
export const isWhole = ({ timing }: Pick<ScheduleDraft, 'timing'>): boolean =>
  timing.kind === 'cron' ? timing.cron.trim() !== '' : timing.days.length > 0 && timing.time !== '';

export function scheduleOf(draft: ScheduleDraft): NewSchedule {
  const { reader, ownName, timing, timeZone, settings, telling, idea, characterIds, sceneIds, mail } = draft;
  return {
    name: ownName ?? reader,
    timing,
    timeZone,
    settings: { ...settings, ...settingsOf(telling), readerName: reader },
    characterIds: [...characterIds],
    sceneIds: [...sceneIds],
    idea,
    mail,
  };
}
