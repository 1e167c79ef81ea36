import { describe, expect, it } from 'vitest';
import { daysOf, hoursOf, readPeriod } from './periods.ts';
import { hourMs } from './usage-records.ts';

const at = (text: string) => Date.parse(text);
const now = at('2026-11-21T14:30:00Z');
const iso = (slots: ReadonlyArray<{ at: number }>) => slots.map((slot) => new Date(slot.at).toISOString());
const hoursLong = (slots: ReadonlyArray<{ from: number; to: number }>) =>
  slots.map(({ from, to }) => (to - from) / hourMs);

describe('a period', () => {
  it('is the last 30 days where nothing is said, in whole hours', () => {
    expect(readPeriod({}, now)).toEqual({ from: at('2026-10-22T15:00:00Z'), to: at('2026-11-21T15:00:00Z') });
    expect(readPeriod({ from: '2026-11-01T10:59:59Z', to: '2026-11-01T11:00:01Z' }, now)).toEqual({
      from: at('2026-11-01T10:00:00Z'),
      to: at('2026-11-01T12:00:00Z'),
    });
  });

  it.each([
    [{ from: '2026-11-02T00:00:00Z', to: '2026-11-01T00:00:00Z' }, 'ends before it begins'],
    [{ from: '2026-11-22T00:00:00Z' }, 'ends before it begins'],
    [{ from: '2020-01-01T00:00:00Z' }, 'longer than 400 days'],
  ])('refuses %j', (query, why) => {
    expect(() => readPeriod(query, now)).toThrow(why);
  });

  it('has a slot for each of its hours', () => {
    const hours = hoursOf({ from: at('2026-11-01T22:00:00Z'), to: at('2026-11-02T01:00:00Z') });
    expect(iso(hours)).toEqual(['2026-11-01T22:00:00.000Z', '2026-11-01T23:00:00.000Z', '2026-11-02T00:00:00.000Z']);
  });
});

describe('days', () => {
  it('begin at midnight where somebody lives, and are as long as clocks make them', () => {
    const october = daysOf({ from: at('2026-10-23T22:00:00Z'), to: at('2026-10-26T23:00:00Z') }, 'Europe/Berlin');
    expect(iso(october)).toEqual(['2026-10-23T22:00:00.000Z', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z']);
    expect(hoursLong(october)).toEqual([24, 25, 24]);
    const march = daysOf({ from: at('2026-03-07T05:00:00Z'), to: at('2026-03-10T04:00:00Z') }, 'America/New_York');
    expect(hoursLong(march)).toEqual([24, 23, 24]);
  });

  it('begin later where clocks leave midnight out', () => {
    const cairo = daysOf({ from: at('2026-04-22T22:00:00Z'), to: at('2026-04-24T21:00:00Z') }, 'Africa/Cairo');
    expect(iso(cairo)).toEqual(['2026-04-22T22:00:00.000Z', '2026-04-23T22:00:00.000Z']);
    expect(hoursLong(cairo)).toEqual([24, 23]);
  });

  it('are cut where the period begins and ends, and lose or repeat no hour', () => {
    for (const timeZone of ['UTC', 'Asia/Kolkata', 'Asia/Kathmandu', 'Pacific/Apia', 'America/St_Johns']) {
      const period = { from: at('2026-10-20T07:00:00Z'), to: at('2026-11-10T20:00:00Z') };
      const days = daysOf(period, timeZone);
      expect(days[0]?.from).toBe(period.from);
      expect(days.at(-1)?.to).toBe(period.to);
      for (const [n, day] of days.slice(1).entries()) expect(day.from).toBe(days[n]?.to);
    }
  });
});
