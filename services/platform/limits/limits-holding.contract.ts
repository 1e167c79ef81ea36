import { expect, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { newPolicy } from './limits.contract.ts';
import type { Limits } from './limits.ts';

/** What lasts: how many of it there may be at one time. */
export function testHolding(limits: () => Limits): void {
  it('holds as many as there are points, until one is given back', async () => {
    const policy = newPolicy(2);
    const [first, second] = [await limits().hold(policy, 'ada'), await limits().hold(policy, 'ada')];
    expect([first, second]).toEqual([expect.any(Function), expect.any(Function)]);
    expect(await limits().hold(policy, 'ada')).toBeUndefined();
    expect(await limits().hold(policy, 'eve')).toBeDefined();
    expect(await limits().hold(newPolicy(2), 'ada')).toBeDefined();
    first?.();
    const third = await waitFor(() => limits().hold(policy, 'ada'), { what: 'room' });
    expect(await limits().hold(policy, 'ada')).toBeUndefined();
    second?.();
    third();
  });

  it('holds no more where all come at once', async () => {
    const policy = newPolicy(7);
    const held = await Promise.all(Array.from({ length: 50 }, () => limits().hold(policy, 'ada')));
    expect(held.filter((leave) => leave !== undefined)).toHaveLength(7);
  });

  it('gives one back once, however often that is said', async () => {
    const policy = newPolicy(2);
    const first = await limits().hold(policy, 'ada');
    await limits().hold(policy, 'ada');
    for (let count = 0; count < 5; count += 1) first?.();
    await waitFor(() => limits().hold(policy, 'ada'), { what: 'room' });
    expect(await limits().hold(policy, 'ada')).toBeUndefined();
  });

  it('goes by the points of each call, and ends nothing that is held', async () => {
    const policy = newPolicy(2);
    for (let count = 0; count < 2; count += 1) await limits().hold(policy, 'ada');
    expect(await limits().hold({ ...policy, points: 3 }, 'ada')).toBeDefined();
    expect(await limits().hold({ ...policy, points: 1 }, 'ada')).toBeUndefined();
  });

  it('uses no points up that are counted', async () => {
    const policy = newPolicy(1);
    await limits().hold(policy, 'ada');
    expect(await limits().consume(policy, 'ada')).toMatchObject({ allowed: true });
  });
}
