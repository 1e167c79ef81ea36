import i18next from 'i18next';

/** English here has the day before the month and clocks of 24 hours, as its other words do. */
const localeOfDates = (): string => (i18next.language === 'en' ? 'en-GB' : i18next.language);

/** Of no zone: the browser's own. */
type Zone = string | undefined;

const inZone = (zone: Zone): Intl.DateTimeFormatOptions => (zone === undefined ? {} : { timeZone: zone });

/** Which calendar day a moment falls on there, as `2026-11-21`. */
export const dayIn = (zone: Zone, moment: Date): string => moment.toLocaleDateString('sv', inZone(zone));

/** A day of the calendar, so many days later. */
export const addDays = (day: string, days: number): string => {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
};

/** The time of day there, as `19:15`. */
export const clockIn = (zone: Zone, moment: Date): string =>
  moment.toLocaleTimeString(localeOfDates(), {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...inZone(zone),
  });

/** The day there in words, as `Saturday 21 November` or without the weekday. */
export const dayWords = (zone: Zone, moment: Date, hasWeekday = true): string =>
  moment.toLocaleDateString(localeOfDates(), {
    ...(hasWeekday && { weekday: 'long' }),
    day: 'numeric',
    month: 'long',
    ...inZone(zone),
  });

export const weekdayIn = (zone: Zone, moment: Date, length: 'short' | 'long' = 'long'): string =>
  moment.toLocaleDateString(localeOfDates(), { weekday: length, ...inZone(zone) });

const minuteMs = 60_000;

/** How many minutes clocks there are ahead of UTC at a moment. */
export function minutesAhead(zone: Zone, moment: Date): number {
  const wall = moment.toLocaleString('sv', { dateStyle: 'short', timeStyle: 'medium', ...inZone(zone) });
  const whole = Math.floor(moment.getTime() / 1_000) * 1_000;
  return Math.round((Date.parse(`${wall.replace(' ', 'T')}Z`) - whole) / minuteMs);
}

/** A zone as people read it: `America/New York`. */
export const zoneWords = (zone: string): string => zone.replaceAll('_', ' ');
