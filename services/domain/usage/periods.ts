import { AppError } from '#platform/errors.ts';
import { LocalDays } from './local-days.ts';
import { keptDays } from './sweep-usage.ts';
import { hourMs, hourOf } from './usage-records.ts';
import type { Period } from './usage-sums.ts';

const dayMs = 24 * hourMs;
const usualDays = 30;

export interface PeriodQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * The period that a query asks for, in whole hours: the first and the last are counted whole. The last 30 days where it says
 * nothing. Throws `invalid_request` where it ends before it begins, or is longer than figures are kept.
 */
export function readPeriod(query: PeriodQuery, now: number): Period {
  const end = query.to === undefined ? now : Date.parse(query.to);
  const to = Math.ceil(end / hourMs) * hourMs;
  const from = query.from === undefined ? to - usualDays * dayMs : hourOf(Date.parse(query.from));
  if (from >= to) throw refused('from', 'The period ends before it begins: `from` must be earlier than `to`.');
  if (to - from > keptDays * dayMs) {
    throw refused('from', `The period is longer than ${keptDays} days, which is how long figures are kept.`);
  }
  return { from, to };
}

export const refused = (path: string, message: string): AppError =>
  new AppError('invalid_request', message, { details: [{ path, message }] });

/** An hour or a day: `at` is its beginning, `from` and `to` what the period has of it. */
export interface Slot extends Period {
  readonly at: number;
}

export function hoursOf({ from, to }: Period): readonly Slot[] {
  return Array.from({ length: Math.round((to - from) / hourMs) }, (_, n) => {
    const at = from + n * hourMs;
    return { at, from: at, to: at + hourMs };
  });
}

/** The days of a period where somebody lives: of 23 to 25 hours where clocks change. */
export function daysOf({ from, to }: Period, timeZone: string): readonly Slot[] {
  const days = new LocalDays();
  const slots: Slot[] = [];
  let at = days.endOf(from - 2 * dayMs, timeZone);
  while (at < to) {
    const end = days.endOf(at, timeZone);
    if (end > from) slots.push({ at, from: Math.max(at, from), to: Math.min(end, to) });
    at = end;
  }
  return slots;
}
