import { expect, test } from 'vitest';
import { addDays, clockIn, dayIn, dayWords, minutesAhead, weekdayIn } from './days.ts';

const lateEvening = new Date('2026-11-21T23:30:00.000Z');

test('a day is that of the zone', () => {
  expect(dayIn('UTC', lateEvening)).toBe('2026-11-21');
  expect(dayIn('Europe/Berlin', lateEvening)).toBe('2026-11-22');
  expect(dayWords('Europe/Berlin', lateEvening)).toBe('Sunday 22 November');
  expect(dayWords('UTC', lateEvening, false)).toBe('21 November');
  expect(weekdayIn('UTC', lateEvening, 'short')).toBe('Sat');
  expect(clockIn('Asia/Kathmandu', lateEvening)).toBe('05:15');
});

test('days are counted by the calendar', () => {
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
});

test.each([
  ['UTC', '2026-07-01T12:00:00.000Z', 0],
  ['Europe/Berlin', '2026-07-01T12:00:00.500Z', 120],
  ['Europe/Berlin', '2026-12-01T12:00:00.000Z', 60],
  ['Asia/Kathmandu', '2026-12-01T12:00:00.000Z', 345],
  ['America/St_Johns', '2026-12-01T12:00:00.000Z', -210],
])('clocks of %s at %s are ahead by %i minutes', (zone, at, minutes) => {
  expect(minutesAhead(zone, new Date(at))).toBe(minutes);
});
