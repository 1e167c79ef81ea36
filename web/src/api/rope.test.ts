import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { append, beginsWith, emptyRope, lengthOf, type Rope, textFrom, textOf } from './rope.ts';

const grown = (texts: readonly string[]): Rope => texts.reduce(append, emptyRope);
const texts = fc.array(fc.string({ maxLength: 3_000, size: 'max' }), { maxLength: 12 });

describe('a rope', () => {
  test('is the texts that were added to it', () => {
    fc.assert(
      fc.property(texts, (added) => {
        expect(textOf(grown(added))).toBe(added.join(''));
        expect(lengthOf(grown(added))).toBe(added.join('').length);
      }),
    );
  });

  test('has the text from any character on', () => {
    fc.assert(
      fc.property(texts, fc.nat(40_000), (added, start) => {
        expect(textFrom(grown(added), start)).toBe(added.join('').slice(start));
      }),
    );
  });

  test('begins as one that it has grown from, however that was cut', () => {
    fc.assert(
      fc.property(texts, texts, (before, added) => {
        expect(beginsWith(added.reduce(append, grown(before)), grown(before))).toBe(true);
        expect(beginsWith([[...before, ...added].join('')], grown(before))).toBe(true);
        expect(beginsWith(grown([...before, ...added]), [before.join('')])).toBe(true);
      }),
    );
  });

  test('does not begin as another text', () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        expect(beginsWith(grown(one), grown(other))).toBe(one.join('').startsWith(other.join('')));
      }),
    );
    expect(beginsWith(['ab'], ['a', 'c'])).toBe(false);
    expect(beginsWith(['a'], ['a', 'b'])).toBe(false);
  });

  test('leaves what is long as it is', () => {
    const long = 'x'.repeat(1_000);
    const rope = grown([long, 'a', 'b']);
    expect(rope).toEqual([long, 'ab']);
    expect(append(rope, 'c')[0]).toBe(rope[0]);
  });
});
