import { expect, it } from 'vitest';
import { backOffMs } from './back-off.ts';

it('spreads the waits over the whole of a span that doubles up to its limit', () => {
  const limits = { baseMs: 100, maxMs: 1_000 };
  expect([1, 2, 3, 4, 5, 60].map((tried) => backOffMs(tried, () => 1, limits))).toEqual([
    100, 200, 400, 800, 1000, 1000,
  ]);
  expect(backOffMs(3, () => 0, limits)).toBe(0);
  expect(backOffMs(3, () => 0.25, limits)).toBe(100);
});
