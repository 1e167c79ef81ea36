import { expect, test } from 'vitest';
import { fullJitter } from './back-off.ts';

test('waits up to a limit that doubles, and never longer than 15 seconds', () => {
  const longest = [0, 1, 2, 5, 100].map((attempt) => fullJitter(attempt, () => 1));
  expect(longest).toEqual([500, 1000, 2000, 15_000, 15_000]);
});

test('may not wait at all', () => {
  expect(fullJitter(5, () => 0)).toBe(0);
});
