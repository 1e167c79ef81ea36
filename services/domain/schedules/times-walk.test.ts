import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Timing } from '#contract/schedules.ts';
import { nextTimes } from './times.ts';

const iso = (times: readonly number[]) => times.map((time) => new Date(time).toISOString());

const minuteMs = 60_000;
const lookBackMs = 3 * 60 * minuteMs;
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Asia/Kolkata',
  'Pacific/Chatham',
  'UTC',
  'America/St_Johns',
  'Africa/Cairo',
  'America/Godthab',
];

/** What the clock shows, as a number whose order is that of the times. */
function shown(zone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    weekday: 'short',
  });
  return (at: number) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const date = `${parts['year']}-${parts['month']}-${parts['day']}`;
    const weekday = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts['weekday'] ?? '');
    return { date, weekday, minutes: Number(parts['hour']) * 60 + Number(parts['minute']), day: Number(parts['day']) };
  };
}

/** Walks through time minute by minute, and looks at the clock on the wall. */
function slowly(timing: Extract<Timing, { kind: 'days' }>, zone: string, from: number, until: number): number[] {
  const clock = shown(zone);
  const [hour = 0, minute = 0] = timing.time.split(':').map(Number);
  const wanted = hour * 60 + minute;
  const times: number[] = [];
  const done = new Set<string>();
  const daysOf = (date: string) => ((new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7) + 1;
  const dayAfter = (date: string) => new Date(Date.parse(`${date}T00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  // What was passed before still counts, where the clock is put back over it.
  let before = clock(from - lookBackMs);
  for (let at = from - lookBackMs + minuteMs; at <= until; at += minuteMs) {
    const now = clock(at);
    // Each date whose time was passed in this minute: most often none, more where dates are left out.
    for (let date = before.date; date <= now.date; date = dayAfter(date)) {
      const passed = (date < now.date || now.minutes >= wanted) && (date > before.date || before.minutes < wanted);
      if (!passed || done.has(date)) continue;
      done.add(date);
      if (timing.days.includes(daysOf(date)) && at > from && times.at(-1) !== at) times.push(at);
    }
    before = now;
  }
  return times;
}

describe('against a walk through every minute', () => {
  it('finds the same times in every zone', () => {
    const near = [
      '2011-12-30T10:00Z',
      '2018-11-04T03:00Z',
      '2019-02-17T02:00Z',
      '2021-04-03T14:00Z',
      '2026-02-15T02:00Z',
      '2026-03-22T02:00Z',
      '2026-03-29T01:00Z',
      '2026-04-04T15:00Z',
      '2026-10-25T01:00Z',
      '2026-10-03T15:30Z',
      '2026-09-26T14:00Z',
      '2026-11-01T06:00Z',
      '2028-02-29T00:00Z',
      '2026-12-31T23:59Z',
    ].map((time) => Date.parse(time));
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...near),
        fc.integer({ min: -1_440, max: 300 }),
        fc.oneof(fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 0, max: 240 })),
        fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
        (zone, change, minutes, time, days) => {
          const clockTime = `${String(Math.floor(time / 60)).padStart(2, '0')}:${String(time % 60).padStart(2, '0')}`;
          const timing = { kind: 'days', days, time: clockTime } as const;
          const from = change + minutes * minuteMs;
          const until = from + 2 * 86_400_000;
          const found = nextTimes({ ...timing, days: [...days] }, zone, from, 10).filter((at) => at <= until);
          expect(iso(found)).toEqual(iso(slowly({ ...timing, days: [...days] }, zone, from, until)));
        },
      ),
      { numRuns: 100 },
    );
  }, 20_000);
});
