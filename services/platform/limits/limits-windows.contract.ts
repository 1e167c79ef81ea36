import { expect, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { newPolicy } from './limits.contract.ts';
import type { Limits } from './limits.ts';

/** When points are there again. */
export function testWindows(limits: () => Limits): void {
  it('has all points again when the window ends, which begins with the first use', async () => {
    const policy = newPolicy(1, 1_000);
    const began = performance.now();
    const first = await limits().consume(policy, 'ada');
    expect(first.resetMs).toBeGreaterThan(500);
    expect(first.resetMs).toBeLessThanOrEqual(1_000);
    await waitFor(async () => (await limits().peek(policy, 'ada')).used === 0, { what: 'the window to end' });
    expect(performance.now() - began).toBeGreaterThan(900);
    expect(await limits().consume(policy, 'ada')).toMatchObject({ allowed: true, used: 1 });
  });

  it('does not last longer for those who go on trying', async () => {
    const policy = newPolicy(1, 1_000);
    const began = performance.now();
    await limits().consume(policy, 'ada');
    await waitFor(async () => (await limits().consume(policy, 'ada')).allowed, { what: 'the window to end' });
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it('tells how long the window still lasts', async () => {
    const policy = newPolicy(2, 900_000);
    const { resetMs } = await limits().consume(policy, 'ada');
    expect(resetMs).toBeGreaterThan(890_000);
    expect(resetMs).toBeLessThanOrEqual(900_000);
    const later = (await limits().consume(policy, 'ada')).resetMs;
    expect(later).toBeLessThanOrEqual(resetMs);
    expect((await limits().peek(policy, 'ada')).resetMs).toBeLessThanOrEqual(later);
  });

  it('gives nothing back into a window that came after', async () => {
    const policy = newPolicy(1, 1_000);
    await limits().consume(policy, 'ada');
    await waitFor(async () => (await limits().peek(policy, 'ada')).used === 0, { what: 'the window to end' });
    await limits().giveBack(policy, 'ada');
    const told = [await limits().consume(policy, 'ada'), await limits().consume(policy, 'ada')];
    expect(told.map(({ allowed }) => allowed)).toEqual([true, false]);
  });
}
