import { expect, it } from 'vitest';
import { narrationScript } from './narration-script.ts';

const script = (title: string, parts: readonly string[], max = 4_096) =>
  narrationScript({ title, parts, language: 'en' }, max);

it('has the title first, and says where each line stands', () => {
  const lines = script('The Fox', ['It was late. She ran.', 'She slept.']);
  expect(lines.map(({ part, from, to, text }) => [part, from, to, text])).toEqual([
    [-1, 0, 7, 'The Fox'],
    [0, 0, 12, 'It was late.'],
    [0, 13, 21, 'She ran.'],
    [1, 0, 10, 'She slept.'],
  ]);
});

it('pauses as a reader does: least within a sentence, most between parts', () => {
  const long = `${'word, '.repeat(70)}end.`;
  const pauses = script('The Fox', [`It was late. She ran.\n\nThen: ${long}`, 'She slept.']).map(({ pause }) => pause);
  expect(pauses).toEqual([0.9, 0.25, 0.6, 0.1, 0.9, 0.9]);
});

it('leaves out what voices read by its name, and keeps where the words stand', () => {
  const lines = script('*The* _Fox_ 🦊', ['A 👩‍👩‍👧‍👦 `den` 🇩🇪 of #3,\n50 % **warm**.', '👍🏽!']);
  expect(lines.map(({ text }) => text)).toEqual(['The Fox', 'A den of 3,', '50 % warm .']);
  expect(lines[0]).toMatchObject({ from: 0, to: 14 });
});

it('has no line of which nothing is left', () => {
  expect(script('The Fox', ['ℹ️\n\nShe ran.']).map(({ text }) => text)).toEqual(['The Fox', 'She ran.']);
});

it('keeps lines below what the voice takes, and short all the same', () => {
  const text = 'and the fox ran over the hill '.repeat(100);
  for (const [max, limit] of [
    [100, 100],
    [10_000, 400],
  ] as const) {
    const lengths = script('The Fox', [text], max).map((line) => line.to - line.from);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(limit);
    expect(Math.max(...lengths)).toBeGreaterThan(limit - 30);
  }
});
