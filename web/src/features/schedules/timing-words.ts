import type { Schedule, Timing } from '#contract/schedules.ts';

/** Monday is 1, Sunday 7, as the contract counts. */
export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

/** 1 January 2024 was a Monday. */
const dayNamed = (day: number, length: 'short' | 'long'): string =>
  new Date(Date.UTC(2024, 0, day)).toLocaleDateString('en', { weekday: length, timeZone: 'UTC' });
export const shortDay = (day: number): string => dayNamed(day, 'short');
export const longDay = (day: number): string => dayNamed(day, 'long');

/** When a schedule's stories come, in words. */
export function timingWords(timing: Timing): string {
  if (timing.kind === 'cron') return `By the pattern ${timing.cron}`;
  return `${daysWords(timing.days)} at ${timing.time}`;
}

function daysWords(days: readonly number[]): string {
  const key = [...days].sort().join('');
  if (key === '1234567') return 'Every day';
  if (key === '12345') return 'Monday to Friday';
  if (key === '67') return 'At the weekend';
  const names = days.map(longDay);
  return names.length === 1 ? `Every ${names[0]}` : new Intl.ListFormat('en').format(days.map(shortDay));
}

/** A moment as clocks and calendars of a time zone show it: `Saturday, 21 November, 19:15`. */
export function momentIn(timeZone: string, at: string): string {
  const date = new Date(at);
  const day = date.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone });
  return `${day}, ${clockIn(timeZone, date)}`;
}

const clockIn = (timeZone: string, date: Date): string =>
  date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone });

/** Which calendar day a moment falls on there, as `2026-11-21`. */
const dayIn = (timeZone: string, date: Date): string => date.toLocaleDateString('sv', { timeZone });

/** The same, in nearer words where it is near: `today at 19:15`. */
export function soonIn(timeZone: string, at: string, now: Date): string {
  const date = new Date(at);
  const tomorrow = new Date(now.getTime() + 24 * 60 * 60 * 1000);
  const day = dayIn(timeZone, date);
  if (day === dayIn(timeZone, now)) return `today at ${clockIn(timeZone, date)}`;
  if (day === dayIn(timeZone, tomorrow)) return `tomorrow at ${clockIn(timeZone, date)}`;
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
  return `The next one comes ${soonIn(first.schedule.timeZone, first.at, now)}: ${first.schedule.name}.`;
}
