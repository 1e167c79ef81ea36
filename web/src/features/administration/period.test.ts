import { describe, expect, test } from 'vitest';
import { type Period, problemOf, readPeriod, spansOf, startOf, writePeriod } from './period.ts';

const now = Date.parse('2026-11-21T15:30:00Z');
const spans = (period: Period, timeZone = 'UTC') => spansOf(period, now, timeZone);

describe('the moments of a period', () => {
  test('are the last 24 hours, of which figures are kept, and those before: no hour is in both', () => {
    expect(spans({ kind: 'hours' })).toEqual({
      from: '2026-11-20T16:00:00.000Z',
      to: '2026-11-21T15:30:00.000Z',
      before: { from: '2026-11-19T16:00:00.000Z', to: '2026-11-20T16:00:00.000Z' },
      by: 'hour',
    });
  });

  test('are the last days with today, whose days begin at midnight where the viewer lives', () => {
    expect(spans({ kind: 'days', days: 7 }, 'Europe/Berlin')).toMatchObject({
      from: '2026-11-14T23:00:00.000Z',
      to: '2026-11-21T15:30:00.000Z',
      by: 'day',
    });
  });

  test('are compared with as many days, as far into the last one', () => {
    expect(spans({ kind: 'days', days: 7 }).before).toEqual({
      from: '2026-11-08T00:00:00.000Z',
      to: '2026-11-14T15:30:00.000Z',
    });
  });

  test('are days of one’s own, both whole, and hours where it is one', () => {
    const own = spans({ kind: 'own', from: '2026-11-01', to: '2026-11-03' });
    expect(own).toMatchObject({ from: '2026-11-01T00:00:00.000Z', to: '2026-11-04T00:00:00.000Z', by: 'day' });
    expect(own.before).toEqual({ from: '2026-10-29T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' });
    expect(spans({ kind: 'own', from: '2026-11-03', to: '2026-11-03' }).by).toBe('hour');
  });

  test('keep to midnight over a change of clocks', () => {
    const { from, to } = spans({ kind: 'own', from: '2026-10-25', to: '2026-10-25' }, 'Europe/Berlin');
    expect([from, to]).toEqual(['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z']);
  });

  test('of days that clocks make longer or shorter end where the next period begins, and are as whole', () => {
    for (const day of ['2026-10-25', '2026-03-29']) {
      const { from, before } = spans({ kind: 'own', from: day, to: day }, 'Europe/Berlin');
      expect(before.to, day).toBe(from);
    }
  });

  test('begin at the first whole hour where a zone is not whole hours from UTC', () => {
    expect(new Date(startOf('2026-11-21', 'Asia/Kolkata')).toISOString()).toBe('2026-11-20T19:00:00.000Z');
  });
});

describe('a period of one’s own', () => {
  const problem = (from: string, to: string) => problemOf({ kind: 'own', from, to }, now, 'UTC');

  test('has two days, in order, begun, and no more than figures are kept', () => {
    expect(problem('2026-11-01', '2026-11-21')).toBeUndefined();
    expect(problem('', '2026-11-21')).toBe('incomplete');
    expect(problem('2026-11-02', '2026-11-01')).toBe('backwards');
    expect(problem('2026-11-22', '2026-11-23')).toBe('future');
    expect(problem('2025-01-01', '2026-11-21')).toBe('tooLong');
    expect(problemOf({ kind: 'hours' }, now, 'UTC')).toBeUndefined();
  });
});

test.each<Period>([
  { kind: 'hours' },
  { kind: 'days', days: 90 },
  { kind: 'own', from: '2026-11-01', to: '2026-11-02' },
])('$kind stands in an address and is read from it', (period) => {
  expect(readPeriod(new URLSearchParams(writePeriod(period)))).toEqual(period);
});

test('an address that names no period, or one that there is not, is of 30 days', () => {
  expect(readPeriod(new URLSearchParams('period=31'))).toEqual({ kind: 'days', days: 30 });
});
