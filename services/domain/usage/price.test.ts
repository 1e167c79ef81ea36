import { expect, it } from 'vitest';
import { costOf } from './price.ts';

it('costs what is read and what is written, by the million', () => {
  const price = { inputPerMillion: 0.4, outputPerMillion: 1.6 };
  expect(costOf({ price }, { inputTokens: 1_000_000, outputTokens: 500_000 })).toBeCloseTo(1.2, 12);
  expect(costOf({ price }, { inputTokens: 0, outputTokens: 1 })).toBeCloseTo(0.0000016, 12);
  expect(costOf({ price: { inputPerMillion: 0, outputPerMillion: 0 } }, { inputTokens: 9, outputTokens: 9 })).toBe(0);
});
