import { describe, expect, it } from 'vitest';
import { inStretches } from './stretches.ts';

const blocks = (count: number) => Array.from({ length: count }, (_, index) => ({ index }));

describe('stretches', () => {
  it('hold all blocks, in their order', () => {
    for (const count of [0, 1, 8, 9, 16, 100]) {
      const all = blocks(count);
      expect(inStretches(all).flat()).toEqual(all);
      expect(inStretches(all)).toHaveLength(Math.ceil(count / 8));
    }
  });

  it('stay the same ones while what they hold does', () => {
    const all = blocks(20);
    const before = inStretches(all);
    const grown = [...all, { index: 20 }];
    const after = inStretches(grown, before);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    expect(after[2]).toEqual(grown.slice(16));
  });

  it('are new ones where a block is another', () => {
    const all = blocks(20);
    const before = inStretches(all);
    const after = inStretches(
      all.map((block) => (block.index === 9 ? { index: 9 } : block)),
      before,
    );
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    expect(after[2]).toBe(before[2]);
  });
});
