import { expect, it } from 'vitest';
import { backoffDelay, checkJobId } from './run-job.ts';

it('doubles the pause before each further try', () => {
  expect([1, 2, 3, 4].map((attempt) => backoffDelay(attempt, 1_000, () => 0))).toEqual([1_000, 2_000, 4_000, 8_000]);
});

it('spreads the tries, yet each pause is longer than any before', () => {
  const least = (attempt: number) => backoffDelay(attempt, 1_000, () => 0.999_999);
  expect(least(1)).toBe(750);
  for (const attempt of [1, 2, 3, 4]) {
    expect(least(attempt + 1)).toBeGreaterThan(backoffDelay(attempt, 1_000, () => 0));
  }
});

it('takes the ids that the port allows', () => {
  expect(checkJobId('answer-0192-1_a')).toBe('answer-0192-1_a');
  for (const id of ['', 'a.b', 'a\nb', 'x'.repeat(201)]) expect(() => checkJobId(id)).toThrow(TypeError);
});
