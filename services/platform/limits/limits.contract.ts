import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import type { Limits, Policy } from './limits.ts';
import { testCounting } from './limits-counting.contract.ts';
import { testHolding } from './limits-holding.contract.ts';
import { testWindows } from './limits-windows.contract.ts';

/** A policy that no other test uses. */
export const newPolicy = (points: number, windowMs = 60_000): Policy => ({
  name: `test-${randomUUID()}`,
  points,
  windowMs,
});

/** What every adapter of limits does, whatever it counts in. */
export function testLimits(start: () => Promise<Limits>): void {
  let limits: Limits;
  beforeAll(async () => {
    limits = await start();
  });
  afterAll(() => limits.close());

  testCounting(() => limits);
  testWindows(() => limits);
  testHolding(() => limits);
}
