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

it('workers with fewer slots than there are places have all of them at work, also where people ask for stories meanwhile', async () => {
  const [slots, tellMs, schedules, onDemand] = [5, 300, 60, 60];
  const rush = { schedules, onDemand, ceiling: 20, slots, tellMs, lagMs: 10 };
  const { writeSeconds, mostAtATime, stories, wrong } = await playRush(rush);
  expect(wrong).toEqual([]);
  expect(stories).toBe(schedules + onDemand);
  expect(mostAtATime).toBe(2 * slots);
  // Were places kept for stories that are queued, they and the slots would wait for each other, for minutes.
  const atBest = ((schedules + onDemand) * tellMs) / (2 * slots) / 1_000;
  expect(writeSeconds).toBeLessThan(4 * atBest);
}, 60_000);
