import { expect, test } from 'vitest';
import { pointSteps, wholeSteps } from './chart-steps.ts';

/** Of an axis this long, in pixels, that has one number in every `space`. */
const stepFor = (steps: readonly number[], { most, length, space }: { most: number; length: number; space: number }) =>
  steps.find((step) => (length * step) / most >= space);

test('the steps of an axis go up, as who looks for one by halving needs it', () => {
  for (const steps of [wholeSteps, pointSteps]) expect(steps).toEqual(steps.toSorted((one, other) => one - other));
});

test('small counts have numbers beside them, and so has a year in half a phone', () => {
  const counts = { length: 200, space: 36 };
  expect(stepFor(wholeSteps, { ...counts, most: 8 })).toBe(2);
  expect(stepFor(wholeSteps, { ...counts, most: 75 })).toBe(20);
  expect(stepFor(pointSteps, { most: 400, length: 200, space: 64 })).toBe(180);
});
