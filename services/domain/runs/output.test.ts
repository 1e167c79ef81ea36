import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartKind } from '#contract/conversations.ts';
import { Output, partsOf, slicePieces, textOf } from './output.ts';

const joined = (output: Output, from = 0) =>
  output
    .from(from)
    .map(({ text }) => text)
    .join('');

describe('the output of an attempt', () => {
  it('joins what follows in one part, and begins another where the kind changes', () => {
    const output = new Output();
    expect([output.length, output.from(0)]).toEqual([0, []]);
    for (const [kind, text] of [
      ['thinking', 'hm'],
      ['thinking', 'm '],
      ['text', 'Yes'],
      ['text', ''],
      ['thinking', '?'],
    ] as const)
      output.append(kind, text);
    expect(output.from(0)).toEqual([
      { index: 0, kind: 'thinking', text: 'hmm ' },
      { index: 1, kind: 'text', text: 'Yes' },
      { index: 2, kind: 'thinking', text: '?' },
    ]);
    expect(output.from(3)).toMatchObject([{ text: ' ' }, { text: 'Yes' }, { text: '?' }]);
    expect(output.from(5)).toMatchObject([{ index: 1, text: 'es' }, { text: '?' }]);
    expect(output.from(8)).toEqual([]);
    expect(output.length).toBe(8);
  });

  it('holds half of a surrogate pair back until the other half comes', () => {
    const output = new Output();
    output.append('text', 'a\ud83d');
    expect([output.length, joined(output)]).toEqual([1, 'a']);
    output.append('text', '\ude00b');
    expect(joined(output)).toBe('a😀b');
  });

  it('makes half of a pair that stays alone U+FFFD, at its end and where the part ends', () => {
    const output = new Output();
    output.append('text', 'a\ud83d');
    output.append('thinking', '\ude00b');
    output.append('thinking', '\ud83d\ud83d');
    output.finish();
    output.finish();
    expect(output.from(0)).toEqual([
      { index: 0, kind: 'text', text: 'a\ufffd' },
      { index: 1, kind: 'thinking', text: '\ufffdb\ufffd\ufffd' },
    ]);
  });

  it('gives from every position what was put out behind it, and leaves what it gave alone', () => {
    const kinds = fc.constantFrom<PartKind>('text', 'thinking');
    const pieces = fc.array(fc.tuple(kinds, fc.string({ unit: 'binary', maxLength: 300 })), { maxLength: 30 });
    fc.assert(
      fc.property(pieces, fc.nat(2_000), (said, at) => {
        const output = new Output();
        const early = output.from(0);
        for (const [kind, text] of said) {
          output.append(kind, text);
          slicePieces(output.from(0), 0);
        }
        output.finish();
        const whole = said.map(([, text]) => text).join('');
        expect(early).toEqual([]);
        expect(joined(output)).toHaveLength(output.length);
        expect(joined(output).isWellFormed()).toBe(true);
        if (said.every(([, text]) => text.isWellFormed())) expect(joined(output)).toBe(whole);
        expect(joined(output, at)).toBe(joined(output).slice(at));
        expect(output.from(at)).toEqual(slicePieces(output.from(0), at));
      }),
      { numRuns: 200 },
    );
  });

  it('is read as parts, and as the text among them', () => {
    const pieces = [
      { index: 0, kind: 'text', text: 'Well' },
      { index: 0, kind: 'text', text: ', ' },
      { index: 1, kind: 'thinking', text: 'hm' },
      { index: 2, kind: 'text', text: 'yes' },
    ] as const;
    expect(partsOf(pieces)).toEqual([
      { kind: 'text', text: 'Well, ' },
      { kind: 'thinking', text: 'hm' },
      { kind: 'text', text: 'yes' },
    ]);
    expect(textOf(partsOf(pieces))).toBe('Well, yes');
    expect(pieces[0].text).toBe('Well');
  });
});
