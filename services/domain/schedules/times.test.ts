import { describe, expect, it } from 'vitest';
import type { Timing } from '#contract/schedules.ts';
import { nextTimes } from './times.ts';

const daily = (time: string): Timing => ({ kind: 'days', days: [1, 2, 3, 4, 5, 6, 7], time });
const cron = (text: string): Timing => ({ kind: 'cron', cron: text });
const iso = (times: readonly number[]) => times.map((time) => new Date(time).toISOString().replace(':00.000Z', 'Z'));
const next = (timing: Timing, zone: string, after: string, count = 3) =>
  iso(nextTimes(timing, zone, Date.parse(after), count));

describe('a time every day', () => {
  it.each([
    ['Europe/Berlin', '19:15', ['2026-03-28T18:15Z', '2026-03-29T17:15Z', '2026-03-30T17:15Z']],
    ['America/New_York', '19:15', ['2026-03-28T23:15Z', '2026-03-29T23:15Z', '2026-03-30T23:15Z']],
    ['America/Sao_Paulo', '19:15', ['2026-03-28T22:15Z', '2026-03-29T22:15Z', '2026-03-30T22:15Z']],
    ['Australia/Lord_Howe', '19:15', ['2026-03-28T08:15Z', '2026-03-29T08:15Z', '2026-03-30T08:15Z']],
    ['Asia/Kathmandu', '19:15', ['2026-03-28T13:30Z', '2026-03-29T13:30Z', '2026-03-30T13:30Z']],
    ['Pacific/Apia', '19:15', ['2026-03-28T06:15Z', '2026-03-29T06:15Z', '2026-03-30T06:15Z']],
    ['Africa/Casablanca', '19:15', ['2026-03-28T18:15Z', '2026-03-29T18:15Z', '2026-03-30T18:15Z']],
    ['Asia/Kolkata', '19:15', ['2026-03-28T13:45Z', '2026-03-29T13:45Z', '2026-03-30T13:45Z']],
    ['Pacific/Chatham', '19:15', ['2026-03-28T05:30Z', '2026-03-29T05:30Z', '2026-03-30T05:30Z']],
    ['UTC', '19:15', ['2026-03-28T19:15Z', '2026-03-29T19:15Z', '2026-03-30T19:15Z']],
  ])('in %s at %s', (zone, time, times) => {
    expect(next(daily(time), zone, '2026-03-28T00:00:00Z')).toEqual(times);
  });
});

/** Of each change: before it, at it, and behind it. The times of changes are those of the IANA database. */
describe('a time that does not exist runs at the next one that does', () => {
  it.each([
    [
      'Europe/Berlin, 2:00 to 3:00',
      'Europe/Berlin',
      '02:30',
      '2026-03-28T00:00:00Z',
      ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z'],
    ],
    [
      'America/New_York, 2:00 to 3:00',
      'America/New_York',
      '02:30',
      '2026-03-07T00:00:00Z',
      ['2026-03-07T07:30Z', '2026-03-08T07:00Z', '2026-03-09T06:30Z'],
    ],
    [
      'America/Sao_Paulo, 0:00 to 1:00',
      'America/Sao_Paulo',
      '00:15',
      '2018-11-03T00:00:00Z',
      ['2018-11-03T03:15Z', '2018-11-04T03:00Z', '2018-11-05T02:15Z'],
    ],
    [
      'Australia/Lord_Howe, 2:00 to 2:30',
      'Australia/Lord_Howe',
      '02:15',
      '2026-10-02T20:00:00Z',
      ['2026-10-03T15:30Z', '2026-10-04T15:15Z', '2026-10-05T15:15Z'],
    ],
    [
      'Pacific/Apia, a whole day',
      'Pacific/Apia',
      '19:15',
      '2011-12-29T06:00:00Z',
      ['2011-12-30T05:15Z', '2011-12-30T10:00Z', '2011-12-31T05:15Z'],
    ],
    [
      'Africa/Casablanca, after Ramadan',
      'Africa/Casablanca',
      '02:30',
      '2026-03-21T00:00:00Z',
      ['2026-03-21T02:30Z', '2026-03-22T02:00Z', '2026-03-23T01:30Z'],
    ],
    [
      'Pacific/Chatham, 2:45 to 3:45',
      'Pacific/Chatham',
      '03:00',
      '2026-09-25T00:00:00Z',
      ['2026-09-25T14:15Z', '2026-09-26T14:00Z', '2026-09-27T13:15Z'],
    ],
  ])('%s', (_, zone, time, after, times) => {
    expect(next(daily(time), zone, after)).toEqual(times);
  });
});

describe('a time that occurs twice runs once, the first', () => {
  it.each([
    [
      'Europe/Berlin, 3:00 to 2:00',
      'Europe/Berlin',
      '02:30',
      '2026-10-24T12:00:00Z',
      ['2026-10-25T00:30Z', '2026-10-26T01:30Z', '2026-10-27T01:30Z'],
    ],
    [
      'America/New_York, 2:00 to 1:00',
      'America/New_York',
      '01:30',
      '2026-10-31T12:00:00Z',
      ['2026-11-01T05:30Z', '2026-11-02T06:30Z', '2026-11-03T06:30Z'],
    ],
    [
      'America/Sao_Paulo, 0:00 to 23:00',
      'America/Sao_Paulo',
      '23:15',
      '2019-02-16T12:00:00Z',
      ['2019-02-17T01:15Z', '2019-02-18T02:15Z', '2019-02-19T02:15Z'],
    ],
    [
      'Australia/Lord_Howe, 2:00 to 1:30',
      'Australia/Lord_Howe',
      '01:45',
      '2026-04-04T00:00:00Z',
      ['2026-04-04T14:45Z', '2026-04-05T15:15Z', '2026-04-06T15:15Z'],
    ],
    [
      'Pacific/Apia, 4:00 to 3:00',
      'Pacific/Apia',
      '03:30',
      '2021-04-03T00:00:00Z',
      ['2021-04-03T13:30Z', '2021-04-04T14:30Z', '2021-04-05T14:30Z'],
    ],
    [
      'Africa/Casablanca, before Ramadan',
      'Africa/Casablanca',
      '02:30',
      '2026-02-14T12:00:00Z',
      ['2026-02-15T01:30Z', '2026-02-16T02:30Z', '2026-02-17T02:30Z'],
    ],
    [
      'Pacific/Chatham, 3:45 to 2:45',
      'Pacific/Chatham',
      '03:00',
      '2026-04-04T00:00:00Z',
      ['2026-04-04T13:15Z', '2026-04-05T14:15Z', '2026-04-06T14:15Z'],
    ],
  ])('%s', (_, zone, time, after, times) => {
    expect(next(daily(time), zone, after)).toEqual(times);
  });

  it('also for whoever asks between the first and the second', () => {
    expect(next(daily('02:30'), 'Europe/Berlin', '2026-10-25T00:45:00Z', 1)).toEqual(['2026-10-26T01:30Z']);
    expect(next(daily('02:30'), 'Europe/Berlin', '2026-10-25T01:15:00Z', 1)).toEqual(['2026-10-26T01:30Z']);
  });

  it('at each hour', () => {
    expect(next(cron('0 * * * *'), 'Europe/Berlin', '2026-10-24T23:30:00Z')).toEqual([
      '2026-10-25T00:00Z',
      '2026-10-25T02:00Z',
      '2026-10-25T03:00Z',
    ]);
  });
});

describe('the calendar', () => {
  it('has a leap day every four years', () => {
    expect(next(cron('30 7 29 2 *'), 'Asia/Kathmandu', '2026-01-01T00:00:00Z', 2)).toEqual([
      '2028-02-29T01:45Z',
      '2032-02-29T01:45Z',
    ]);
    expect(next(daily('19:15'), 'UTC', '2028-02-28T20:00:00Z', 2)).toEqual(['2028-02-29T19:15Z', '2028-03-01T19:15Z']);
    expect(next(daily('19:15'), 'UTC', '2026-02-28T20:00:00Z', 1)).toEqual(['2026-03-01T19:15Z']);
  });

  it('goes on at the end of a year, which is not everywhere at one moment', () => {
    expect(next(daily('00:00'), 'Pacific/Apia', '2026-12-31T10:59:59.999Z', 2)).toEqual([
      '2026-12-31T11:00Z',
      '2027-01-01T11:00Z',
    ]);
    expect(next(cron('0 0 1 1 *'), 'America/New_York', '2026-12-31T23:59:59Z', 2)).toEqual([
      '2027-01-01T05:00Z',
      '2028-01-01T05:00Z',
    ]);
  });

  it('knows the days of a week, Sunday as the seventh', () => {
    const weekend: Timing = { kind: 'days', days: [6, 7], time: '08:00' };
    expect(next(weekend, 'Europe/Berlin', '2026-11-20T12:00:00Z')).toEqual([
      '2026-11-21T07:00Z',
      '2026-11-22T07:00Z',
      '2026-11-28T07:00Z',
    ]);
  });

  it('takes days of the month and of the week each, as cron has it', () => {
    expect(next(cron('0 19 24 12 7'), 'UTC', '2026-12-20T00:00:00Z')).toEqual([
      '2026-12-20T19:00Z',
      '2026-12-24T19:00Z',
      '2026-12-27T19:00Z',
    ]);
  });

  it('does not come where a date never does', () => {
    expect(nextTimes(cron('0 19 30 2 *'), 'UTC', 0, 5)).toEqual([]);
  });

  it('counts a moment that has come as past', () => {
    const at = Date.parse('2026-11-21T19:15:00Z');
    expect(nextTimes(daily('19:15'), 'UTC', at, 1)).toEqual([at + 86_400_000]);
    expect(nextTimes(daily('19:15'), 'UTC', at - 1, 1)).toEqual([at]);
  });
});
