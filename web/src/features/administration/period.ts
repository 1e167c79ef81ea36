import { addDays, dayIn } from '../../ui/days.ts';

/** A date of the calendar, as `2026-11-21`. */
export type Day = string;

/** What figures are shown of: the last 24 hours, the last days with today, or days of one's own choice. */
export type Period =
  | { readonly kind: 'hours' }
  | { readonly kind: 'days'; readonly days: number }
  | { readonly kind: 'own'; readonly from: Day; readonly to: Day };

export const dayCounts = [7, 30, 90] as const;
const usual: Period = { kind: 'days', days: 30 };

/** Figures are kept no longer, and asked for no more at once. */
const mostDays = 400;
const hourMs = 3_600_000;

interface Span {
  readonly from: string;
  readonly to: string;
}

/** The moments of a period, and those of the one before it, which is as long. */
export interface Spans extends Span {
  readonly before: Span;
  /** What has a point in a chart. */
  readonly by: 'hour' | 'day';
}

/** The first whole hour of a date there: figures are kept by hours, so half hours belong to the day before. */
export function startOf(day: Day, timeZone: string): number {
  // No zone is further than 14 hours from UTC.
  let at = Date.parse(`${day}T00:00:00Z`) - 14 * hourMs;
  while (dayIn(timeZone, new Date(at)) < day) at += hourMs;
  return at;
}

export function spansOf(period: Period, now: number, timeZone: string): Spans {
  if (period.kind === 'hours') {
    // Figures are kept by hours: the one that has begun, and the 23 before it. So none counts here and in the period before.
    const from = Math.floor(now / hourMs) * hourMs - 23 * hourMs;
    return { ...spanOf(from, now), before: spanOf(from - 24 * hourMs, from), by: 'hour' };
  }
  const today = dayIn(timeZone, new Date(now));
  const first = period.kind === 'days' ? addDays(today, 1 - period.days) : period.from;
  const last = period.kind === 'days' ? today : period.to;
  const days = daysIn(first, last);
  const from = startOf(first, timeZone);
  const to = Math.min(now, startOf(addDays(last, 1), timeZone));
  const before = spanOf(startOf(addDays(first, -days), timeZone), endBefore(to, days, timeZone));
  return { ...spanOf(from, to), before, by: days === 1 ? 'hour' : 'day' };
}

/** The end, so many days earlier: as far into its day, for a morning is not compared with a whole day. A whole day stays one. */
function endBefore(to: number, days: number, timeZone: string): number {
  const last = dayIn(timeZone, new Date(to - 1));
  const [start, end] = [startOf(last, timeZone), startOf(addDays(last, 1), timeZone)];
  const [startThen, endThen] = [startOf(addDays(last, -days), timeZone), startOf(addDays(last, 1 - days), timeZone)];
  return to === end ? endThen : Math.min(startThen + to - start, endThen);
}

const spanOf = (from: number, to: number): Span => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

const daysIn = (first: Day, last: Day): number =>
  Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / (24 * hourMs)) + 1;

export type PeriodProblem = 'incomplete' | 'backwards' | 'future' | 'tooLong';

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/** Why nothing can be asked for it. */
export function problemOf(period: Period, now: number, timeZone: string): PeriodProblem | undefined {
  if (period.kind !== 'own') return undefined;
  const { from, to } = period;
  if (!isDay(from) || !isDay(to)) return 'incomplete';
  if (from > to) return 'backwards';
  if (startOf(from, timeZone) >= now) return 'future';
  return daysIn(from, to) > mostDays ? 'tooLong' : undefined;
}

/** A period as it stands in an address. */
export function readPeriod(query: URLSearchParams): Period {
  const name = query.get('period');
  if (name === 'hours') return { kind: 'hours' };
  if (name === 'own') return { kind: 'own', from: query.get('from') ?? '', to: query.get('to') ?? '' };
  const days = dayCounts.find((each) => String(each) === name);
  return days ? { kind: 'days', days } : usual;
}

export const writePeriod = (period: Period): Record<string, string> => {
  if (period.kind === 'own') return { period: 'own', from: period.from, to: period.to };
  return { period: period.kind === 'hours' ? 'hours' : String(period.days) };
};
