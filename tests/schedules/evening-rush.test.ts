import { expect, it } from 'vitest';
import { playRush } from './evening-rush.ts';

it('an evening on which 500 schedules are due in one minute has one story each, as many at a time as allowed', async () => {
  const { claimSeconds, mostAtATime, stories, wrong } = await playRush({ schedules: 500, ceiling: 20 });
  expect(wrong).toEqual([]);
  expect(stories).toBe(500);
  expect(mostAtATime).toBeLessThanOrEqual(20);
  expect(mostAtATime).toBeGreaterThan(1);
  expect(claimSeconds).toBeLessThan(10);
}, 60_000);
