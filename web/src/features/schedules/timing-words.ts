import i18next from 'i18next';
import type { Schedule, Timing } from '#contract/schedules.ts';
import { addDays, clockIn, dayIn, dayWords, minutesAhead, weekdayIn } from '../../ui/days.ts';
import { formatNumber } from '../../ui/format.ts';

/** Monday is 1, Sunday 7, as the contract counts. */
export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

/** 1 January 2024 was a Monday. */
const dayNamed = (day: number, length: 'short' | 'long'): string =>
  weekdayIn('UTC', new Date(Date.UTC(2024, 0, day)), length);
export const shortDay = (day: number): string => dayNamed(day, 'short');
export const longDay = (day: number): string => dayNamed(day, 'long');

/** When a schedule's stories come, in words. */
export function timingWords(timing: Timing): string {
  if (timing.kind === 'cron') return patternWords(timing.cron);
  return i18next.t('schedules:words.daysAt', { days: daysWords(timing.days), time: timing.time });
}

/** One time on days of the week, or on a day of each month, is said as that. */
function patternWords(cron: string): string {
  const [minute = '', hour = '', date = '', month, weekday = '', ...more] = cron.trim().split(/\s+/);
  const isOnce = /^[0-5]?\d$/.test(minute) && /^([01]?\d|2[0-3])$/.test(hour) && month === '*' && more.length === 0;
  if (isOnce) {
    const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
    const days = date === '*' ? daysOf(weekday) : undefined;
    if (days?.length) return i18next.t('schedules:words.daysAt', { days: daysWords(days), time });
    if (weekday === '*' && /^(0?[1-9]|[12]\d|3[01])$/.test(date))
      return i18next.t('schedules:words.monthlyAt', { day: formatNumber(Number(date)), time });
  }
  // From left to right within words of any direction, by Unicode's isolates.
  return i18next.t('schedules:words.pattern', { cron: `\u2066${cron}\u2069` });
}

/** The days of the week that a pattern names by numbers, where 0 is Sunday, too; nothing where it says them otherwise. */
function daysOf(weekday: string): readonly number[] | undefined {
  if (weekday === '*') return weekdays;
  if (!/^[0-7](-[0-7])?(,[0-7](-[0-7])?)*$/.test(weekday)) return undefined;
  const days = weekday.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index || 7);
  });
  return [...new Set(days)];
}

function daysWords(days: readonly number[]): string {
  const inOrder = days.toSorted();
  const [first, ...others] = inOrder;
  const key = inOrder.join('');
  if (key === '1234567') return i18next.t('schedules:words.everyDay');
  if (key === '12345') return i18next.t('schedules:words.workdays');
  if (key === '67') return i18next.t('schedules:words.weekend');
  if (first !== undefined && others.length === 0) return i18next.t('schedules:words.every', { day: longDay(first) });
  return new Intl.ListFormat(i18next.language).format(inOrder.map(shortDay));
}

/** A moment as clocks and calendars of a time zone show it: `Saturday 21 November, 19:15`. */
export function momentIn(timeZone: string, at: string): string {
  const date = new Date(at);
  return i18next.t('schedules:words.moment', { day: dayWords(timeZone, date), time: clockIn(timeZone, date) });
}

/** The same, in nearer words where it is near: `today at 19:15`. */
export function soonIn(timeZone: string, at: string, now: Date): string {
  const date = new Date(at);
  const day = dayIn(timeZone, date);
  const time = clockIn(timeZone, date);
  if (day === dayIn(timeZone, now)) return i18next.t('schedules:words.today', { time });
  if (day === addDays(dayIn(timeZone, now), 1)) return i18next.t('schedules:words.tomorrow', { time });
  return momentIn(timeZone, at);
}

export const isToday = (timeZone: string, at: string, now: Date): boolean =>
  dayIn(timeZone, new Date(at)) === dayIn(timeZone, now);

/** When the next story of all comes, as a sentence; nothing where none does. */
export function nextOf(schedules: readonly Schedule[], now: Date): string | undefined {
  const coming = schedules.flatMap((schedule) => {
    const at = schedule.nextAt;
    return at !== undefined && at !== schedule.skipped ? [{ at, schedule }] : [];
  });
  const [first] = coming.sort((one, other) => one.at.localeCompare(other.at));
  if (!first) return undefined;
  const { timeZone, name } = first.schedule;
  return i18next.t('schedules:words.next', { when: soonIn(timeZone, first.at, now), name });
}

/** How clocks of the zone were changed between two moments, if they were. */
export function clockChange(timeZone: string, before: Date, after: Date): 'forward' | 'backward' | undefined {
  const minutes = minutesAhead(timeZone, after) - minutesAhead(timeZone, before);
  if (minutes === 0) return undefined;
  return minutes > 0 ? 'forward' : 'backward';
}
