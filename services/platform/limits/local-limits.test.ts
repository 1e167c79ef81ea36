import { describe, expect, it } from 'vitest';
import { newPolicy, testLimits } from './limits.contract.ts';
import { LocalLimits } from './local-limits.ts';

describe('LocalLimits', () => {
  testLimits(async () => new LocalLimits());

  it('holds no more counts than it may: the one that began first is forgotten', async () => {
    const limits = new LocalLimits({ maxCounts: 3 });
    const policy = newPolicy(1);
    for (const key of ['first', 'second', 'third']) await limits.consume(policy, key);
    await limits.consume(policy, 'first');
    await limits.consume(policy, 'fourth');
    expect((await limits.peek(policy, 'first')).used).toBe(0);
    for (const key of ['second', 'third', 'fourth']) expect((await limits.peek(policy, key)).used, key).toBe(1);
    await limits.reset(policy, 'second');
    await limits.consume(policy, 'fifth');
    for (const key of ['third', 'fourth', 'fifth']) expect((await limits.peek(policy, key)).used, key).toBe(1);
    await limits.close();
  });
});
