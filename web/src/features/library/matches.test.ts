import { expect, test } from 'vitest';
import { matches } from './matches.ts';

test.each([
  [['Fenna', 'A young fox'], 'fox', true],
  [['Fenna', 'A young fox'], ' FOX  fen ', true],
  [['Fenna', 'A young fox'], 'fox owl', false],
  [['Café'], 'cafe', true],
  [['مُحَمَّد'], 'محمد', true],
  [['Fenna'], '', true],
])('%j has %j: %s', (texts, sought, isFound) => {
  expect(matches(texts, sought)).toBe(isFound);
});
