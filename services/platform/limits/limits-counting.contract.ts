import { expect, it } from 'vitest';
import { newPolicy } from './limits.contract.ts';
import type { Limits } from './limits.ts';

/** How points are used, given back, and told apart. */
export function testCounting(limits: () => Limits): void {
  it('allows as many as there are points, and tells what is left', async () => {
    const policy = newPolicy(3);
    const told = [];
    for (let count = 0; count < 5; count += 1) told.push(await limits().consume(policy, 'ada'));
    expect(told.map(({ allowed, limit, used, remaining }) => [allowed, limit, used, remaining])).toEqual([
      [true, 3, 1, 2],
      [true, 3, 2, 1],
      [true, 3, 3, 0],
      [false, 3, 4, 0],
      [false, 3, 5, 0],
    ]);
  });

  it('allows no more where all come at once', async () => {
    const policy = newPolicy(20);
    const told = await Promise.all(Array.from({ length: 100 }, () => limits().consume(policy, 'ada')));
    expect(told.filter(({ allowed }) => allowed)).toHaveLength(20);
    expect(told.map(({ used }) => used).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
  });

  it('uses several points at once, or none that are not there', async () => {
    const policy = newPolicy(10);
    expect(await limits().consume(policy, 'ada', 7)).toMatchObject({ allowed: true, remaining: 3 });
    expect(await limits().consume(policy, 'ada', 4)).toMatchObject({ allowed: false, remaining: 0 });
  });

  it('keeps policies and keys apart, whatever the keys are', async () => {
    const [policy, other] = [newPolicy(1), newPolicy(1)];
    const keys = ['ada', 'Ada', 'ada:', '', '*', '__proto__', 'a b\r\n', '\0', '👍', 'a'.repeat(100_000)];
    for (const key of keys) {
      expect(await limits().consume(policy, key), key.slice(0, 20)).toMatchObject({ allowed: true });
      expect(await limits().consume(policy, key), key.slice(0, 20)).toMatchObject({ allowed: false });
    }
    expect(await limits().consume(other, 'ada')).toMatchObject({ allowed: true });
  });

  it('tells what is left without using any', async () => {
    const policy = newPolicy(2);
    expect(await limits().peek(policy, 'ada')).toEqual({ allowed: true, limit: 2, used: 0, remaining: 2, resetMs: 0 });
    await limits().consume(policy, 'ada');
    for (let count = 0; count < 3; count += 1)
      expect(await limits().peek(policy, 'ada')).toMatchObject({ allowed: true, used: 1, remaining: 1 });
  });

  it('gives points back, but never more than were used', async () => {
    const policy = newPolicy(2);
    await limits().consume(policy, 'ada');
    await limits().consume(policy, 'ada');
    await limits().giveBack(policy, 'ada');
    expect(await limits().peek(policy, 'ada')).toMatchObject({ used: 1 });
    await limits().giveBack(policy, 'ada', 10);
    await limits().giveBack(policy, 'ada');
    await limits().giveBack(policy, 'never seen');
    for (const key of ['ada', 'never seen'])
      expect(await limits().peek(policy, key)).toMatchObject({ used: 0, remaining: 2 });
    expect((await limits().peek(policy, 'never seen')).resetMs, 'no window begins by it').toBe(0);
    expect(await limits().consume(policy, 'never seen')).toMatchObject({ used: 1 });
  });

  it('resets a key, and no other', async () => {
    const policy = newPolicy(1);
    for (const key of ['ada', 'eve']) await limits().consume(policy, key);
    await limits().reset(policy, 'ada');
    await limits().reset(policy, 'never seen');
    expect(await limits().consume(policy, 'ada')).toMatchObject({ allowed: true });
    expect(await limits().consume(policy, 'eve')).toMatchObject({ allowed: false });
  });

  it('goes by the points of each call: they may change while a window lasts', async () => {
    const policy = newPolicy(2);
    for (let count = 0; count < 2; count += 1) await limits().consume(policy, 'ada');
    expect(await limits().consume({ ...policy, points: 4 }, 'ada')).toMatchObject({ allowed: true, remaining: 1 });
    expect(await limits().consume({ ...policy, points: 2 }, 'ada')).toMatchObject({ allowed: false, limit: 2 });
  });
}
