import { assert, integer, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText } from './cut-text.ts';

const cut = (text: string, { language = 'en', max = 400 } = {}): string[] =>
  cutText(text, language, max).map(({ from, to }) => text.slice(from, to));
const ends = (text: string, max = 400): string[] => cutText(text, 'en', max).map((stretch) => stretch.ends);

describe('a text is cut', () => {
  it('at its sentences, without the white space around them', () => {
    const text = '  The fox ran.  Was it late? It was!\n';
    expect(cut(text)).toEqual(['The fox ran.', 'Was it late?', 'It was!']);
    expect(cutText(text, 'en', 400)[1]).toEqual({ from: 16, to: 28, ends: 'sentence' });
  });

  it('at lines and paragraphs, and knows which is which', () => {
    const text = 'A rhyme\nof two lines.\n\nAnother.\r\n \r\nThe last.';
    expect(cut(text)).toEqual(['A rhyme', 'of two lines.', 'Another.', 'The last.']);
    expect(ends(text)).toEqual(['sentence', 'paragraph', 'paragraph', 'paragraph']);
  });

  it.each([
    'Mr. Fox met Mrs. Owl and Dr. A. B. Mole.',
    '“Who is there?” asked the owl.',
    'It cost 3.50 in all.',
    'She waited… and waited.',
    'Herr Dr. Maus kam.',
  ])('but not within %s', (text) => {
    expect(cut(text)).toEqual([text]);
  });

  it('as its language does', () => {
    expect(cut('هل أنت هنا؟ نعم. قال الأسد!', { language: 'ar' })).toEqual(['هل أنت هنا؟', 'نعم.', 'قال الأسد!']);
    expect(cut('Он пришёл. Лиса спала.', { language: 'ru' })).toEqual(['Он пришёл.', 'Лиса спала.']);
  });

  it('leaving out what has nothing to say', () => {
    expect(cut('The end.\n\n* * *\n\n… — 🦊\n\nOr not.')).toEqual(['The end.', 'Or not.']);
    expect(ends('The end. 🦊 Or not.\n\n* * *\n\nYes.')).toEqual(['sentence', 'paragraph', 'paragraph']);
    expect([cut(''), cut(' \n\n '), cut('…')]).toEqual([[], [], []]);
  });

  it('at clauses where a sentence is too long, then between words', () => {
    const text = 'The fox, who was old, ran home over the hills; and the owl flew.';
    expect(cut(text, { max: 30 })).toEqual(['The fox, who was old,', 'ran home over the hills;', 'and the owl flew.']);
    expect(ends(text, 30)).toEqual(['clause', 'clause', 'paragraph']);
    expect(cut('one two three four five', { max: 10 })).toEqual(['one two', 'three four', 'five']);
  });

  it('between characters as people see them where a word is too long', () => {
    expect(cut('abcdefghij', { max: 4 })).toEqual(['abcd', 'efgh', 'ij']);
    const family = '👩‍👩‍👧‍👦';
    expect(cut(`a${family}b${family}c`, { max: family.length + 2 })).toEqual([`a${family}b`, `${family}c`]);
    expect(cut('e\u0301e\u0301e\u0301', { max: 3 })).toEqual(['e\u0301', 'e\u0301', 'e\u0301']);
  });

  it('not between a sign and the white space that it binds', () => {
    expect(cut('one two\u0600 three', { max: 10 })).toEqual(['one', 'two\u0600 three']);
  });

  it('and passes over a character that is too long by itself', () => {
    const zalgo = `a${'\u0301'.repeat(50)}`;
    expect(cut(`Before ${zalgo} after.`, { max: 20 })).toEqual(['Before', 'after.']);
  });
});

it('is never cut within a character, in no stretch too long, with every letter in its place', () => {
  const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
  const letters = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, '');
  const texts = string({ unit: 'grapheme', maxLength: 120 });
  assert(
    property(texts, integer({ min: 20, max: 60 }), (noise, max) => {
      const text = `${noise}. ${noise.slice(0, 40)}, and so on!`.toWellFormed();
      const stretches = cutText(text, 'en', max);
      const starts = new Set([...graphemes.segment(text)].map(({ index }) => index)).add(text.length);
      const isBetween = (at: number) => starts.has(at) || /\s/.test(text.slice(at - 1, at + 1));
      let before = 0;
      for (const { from, to } of stretches) {
        expect(from).toBeGreaterThanOrEqual(before);
        expect(to - from).toBeGreaterThan(0);
        expect(to - from).toBeLessThanOrEqual(max);
        expect([isBetween(from), isBetween(to)]).toEqual([true, true]);
        before = to;
      }
      expect(stretches.map(({ from, to }) => letters(text.slice(from, to))).join('')).toBe(letters(text));
    }),
  );
});
