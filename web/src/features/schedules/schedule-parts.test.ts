import { describe, expect, test } from 'vitest';
import type { Schedule } from '#contract/schedules.ts';
import { scheduleFixture } from './schedule.fixture.ts';
import { draftOf, isWhole, scheduleOf } from './schedule-draft.ts';
import { isToday, momentIn, nextOf, soonIn, timingWords } from './timing-words.ts';

const days = (...chosen: number[]) => timingWords({ kind: 'days', days: chosen, time: '19:15' });

test('days are told in words', () => {
  expect(days(1, 2, 3, 4, 5, 6, 7)).toBe('Every day at 19:15');
  expect(days(1, 2, 3, 4, 5)).toBe('Monday to Friday at 19:15');
  expect(days(6, 7)).toBe('At the weekend at 19:15');
  expect(days(3)).toBe('Every Wednesday at 19:15');
  expect(days(7, 1, 3)).toBe('Mon, Wed, and Sun at 19:15');
});

test.each([
  ['15 19 * * 1', 'Every Monday at 19:15'],
  ['5 7 * * *', 'Every day at 07:05'],
  ['0 19 * * 1-5', 'Monday to Friday at 19:00'],
  ['0 19 * * 0,6', 'At the weekend at 19:00'],
  ['0 19 1 * *', 'On day 1 of each month at 19:00'],
  ['0 19 1 * 1', 'A pattern of its own (0 19 1 * 1)'],
  ['0 19 1 1 *', 'A pattern of its own (0 19 1 1 *)'],
  ['*/30 19 * * *', 'A pattern of its own (*/30 19 * * *)'],
  ['0 19 L * *', 'A pattern of its own (0 19 L * *)'],
  ['0 19 * * 5-1', 'A pattern of its own (0 19 * * 5-1)'],
])('the pattern %s is told in words where they are plain', (cron, words) => {
  expect(timingWords({ kind: 'cron', cron }).replaceAll(/[\u2066\u2069]/g, '')).toBe(words);
});

describe('a moment', () => {
  test('is told as clocks of its zone show it, on both sides of a change of the clock', () => {
    expect(momentIn('Europe/Berlin', '2026-03-28T18:15:00.000Z')).toBe('Saturday 28 March, 19:15');
    expect(momentIn('Europe/Berlin', '2026-03-29T17:15:00.000Z')).toBe('Sunday 29 March, 19:15');
    expect(momentIn('Asia/Kathmandu', '2026-12-31T18:30:00.000Z')).toBe('Friday 1 January, 00:15');
  });

  test('that is near is told by the days of its zone, whatever day it is elsewhere', () => {
    const now = new Date('2026-11-21T23:30:00.000Z');
    expect(soonIn('UTC', '2026-11-22T00:15:00.000Z', now)).toBe('tomorrow at 00:15');
    expect(soonIn('Europe/Berlin', '2026-11-22T00:15:00.000Z', now)).toBe('today at 01:15');
    expect(soonIn('UTC', '2026-11-24T19:15:00.000Z', now)).toBe('Tuesday 24 November, 19:15');
    // Of a day of 25 hours, the next one begins more than 24 hours later.
    const longNight = new Date('2026-10-24T22:30:00.000Z');
    expect(soonIn('Europe/Berlin', '2026-10-26T18:15:00.000Z', longNight)).toBe('tomorrow at 19:15');
    expect(isToday('Pacific/Auckland', '2026-11-22T10:00:00.000Z', now)).toBe(true);
    expect(isToday('UTC', '2026-11-22T10:00:00.000Z', now)).toBe(false);
  });

  test('is the next where it comes first and is not left out', () => {
    const now = new Date('2026-11-21T08:00:00.000Z');
    const at = (name: string, nextAt?: string, skipped?: string): Schedule => {
      const { nextAt: _, ...rest } = scheduleFixture({ name });
      return { ...rest, ...(nextAt && { nextAt }), ...(skipped && { skipped }) };
    };
    const soon = '2026-11-21T18:15:00.000Z';
    const later = '2026-11-22T18:15:00.000Z';
    expect(nextOf([at('Otto', later), at('Mia', soon)], now)).toBe('The next one comes today at 19:15: Mia.');
    expect(nextOf([at('Otto', later), at('Mia', soon, soon)], now)).toBe('The next one comes tomorrow at 19:15: Otto.');
    expect(nextOf([at('Otto')], now)).toBeUndefined();
  });
});

describe('a schedule that is set up', () => {
  const { settings } = scheduleFixture();

  test('is every day at 19:15, by mail, unless it is changed', () => {
    const made = scheduleOf({ ...draftOf(undefined, settings, 'Europe/Berlin'), reader: 'Otto' });
    expect(made).toMatchObject({
      name: 'Otto',
      timing: { kind: 'days', days: [1, 2, 3, 4, 5, 6, 7], time: '19:15' },
      timeZone: 'Europe/Berlin',
      mail: true,
      settings: { ...settings, readerName: 'Otto' },
    });
  });

  test('goes there and back unchanged', () => {
    const { id, createdAt, nextAt, paused, ...schedule } = scheduleFixture({ idea: 'the sea', characterIds: ['fox'] });
    expect(scheduleOf(draftOf({ ...schedule, id, createdAt, paused }, schedule.settings, 'UTC'))).toEqual(schedule);
  });

  test('keeps a name of its own while the reader’s changes', () => {
    const schedule = scheduleFixture({ name: 'Weekend stories' });
    const draft = draftOf(schedule, schedule.settings, 'UTC');
    expect(scheduleOf({ ...draft, reader: 'Otto' })).toMatchObject({
      name: 'Weekend stories',
      settings: { readerName: 'Otto' },
    });
  });

  test('takes themes apart at commas, each once', () => {
    const draft = draftOf(undefined, settings, 'UTC');
    const telling = { ...draft.telling, themes: ' boats,, the sea , boats', avoid: '' };
    expect(scheduleOf({ ...draft, telling }).settings).toMatchObject({ themes: ['boats', 'the sea'], avoid: [] });
  });

  test('is not whole without a day or a time', () => {
    expect(isWhole({ timing: { kind: 'days', days: [], time: '19:15' } })).toBe(false);
    expect(isWhole({ timing: { kind: 'days', days: [1], time: '' } })).toBe(false);
    expect(isWhole({ timing: { kind: 'cron', cron: ' ' } })).toBe(false);
    expect(isWhole({ timing: { kind: 'days', days: [1], time: '19:15' } })).toBe(true);
  });
});
