import { describe, expect, it } from 'vitest';
import { daysBefore, LocalDays } from './local-days.ts';

const hours = 3_600_000;
const at = (moment: string) => Date.parse(moment);
const seen = (moment: string, timeZone: string) => {
  const days = new LocalDays();
  return `${days.dayOf(at(moment), timeZone)} until ${new Date(days.endOf(at(moment), timeZone)).toISOString()}`;
};

describe('the day where somebody lives', () => {
  it.each([
    ['UTC', '2026-11-21T23:59:59.999Z', '2026-11-21 until 2026-11-22T00:00:00.000Z'],
    ['UTC', '2026-11-22T00:00:00.000Z', '2026-11-22 until 2026-11-23T00:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-11-21T10:00:00Z', '2026-11-22 until 2026-11-22T10:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-11-21T09:59:59.999Z', '2026-11-21 until 2026-11-21T10:00:00.000Z'],
    ['Pacific/Pago_Pago', '2026-11-21T10:59:00Z', '2026-11-20 until 2026-11-21T11:00:00.000Z'],
    ['Asia/Kolkata', '2026-11-21T18:29:00Z', '2026-11-21 until 2026-11-21T18:30:00.000Z'],
    ['America/St_Johns', '2026-11-21T03:29:00Z', '2026-11-20 until 2026-11-21T03:30:00.000Z'],
    ['America/St_Johns', '2026-07-21T02:30:00Z', '2026-07-21 until 2026-07-22T02:30:00.000Z'],
  ])('%s at %s', (timeZone, moment, expected) => {
    expect(seen(moment, timeZone)).toBe(expected);
  });

  it.each([
    ['23 hours where clocks go forward', 'Europe/Berlin', '2026-03-28T23:00:00Z', 23],
    ['25 hours where they go back', 'Europe/Berlin', '2026-10-24T22:00:00Z', 25],
    ['24 hours and a half where they go back by that', 'Australia/Lord_Howe', '2026-04-04T13:00:00Z', 24.5],
    ['23 hours where midnight itself is left out', 'Africa/Cairo', '2026-04-23T22:00:00Z', 23],
    ['25 hours where the hour before midnight comes twice', 'Asia/Beirut', '2026-10-23T21:00:00Z', 25],
  ])('has %s', (_, timeZone, start, length) => {
    const days = new LocalDays();
    const day = days.dayOf(at(start), timeZone);
    expect(days.dayOf(at(start) - 1, timeZone)).not.toBe(day);
    expect((days.endOf(at(start), timeZone) - at(start)) / hours).toBe(length);
    expect(days.dayOf(at(start) + length * hours - 1, timeZone)).toBe(day);
  });

  it('goes on where the calendar leaves a date out', () => {
    expect(seen('2011-12-30T09:00:00Z', 'Pacific/Apia')).toBe('2011-12-29 until 2011-12-30T10:00:00.000Z');
    expect(seen('2011-12-30T10:00:00Z', 'Pacific/Apia')).toBe('2011-12-31 until 2011-12-31T10:00:00.000Z');
  });

  it('is asked anew when it is over, and when the clock is set back', () => {
    const days = new LocalDays();
    const moments = ['2026-11-21T12:00:00Z', '2026-11-22T12:00:00Z', '2026-11-20T12:00:00Z', '2026-11-21T00:00:00Z'];
    expect(moments.map((moment) => days.dayOf(at(moment), 'Asia/Kolkata'))).toEqual([
      '2026-11-21',
      '2026-11-22',
      '2026-11-20',
      '2026-11-21',
    ]);
  });

  it('is refused where there is no such place', () => {
    expect(() => new LocalDays().dayOf(0, 'Mars/Olympus')).toThrow(RangeError);
  });
});

it('counts dates back over months and years', () => {
  expect(daysBefore('2027-01-01', 2)).toBe('2026-12-30');
  expect(daysBefore('2028-03-01', 1)).toBe('2028-02-29');
});
