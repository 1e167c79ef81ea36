import { describe, expect, test } from 'vitest';
import { cueAt, paragraphsOf, piecesOf, sentencesOf } from './passages.ts';

describe('the paragraphs of a part', () => {
  test('stand where empty lines separate them, each at its place', () => {
    const part = '\nOne line\nand its next.\n\n \nAnother.\n\n\nThe end.\n';
    const paragraphs = paragraphsOf(part);
    expect(paragraphs.map(({ text }) => text)).toEqual(['One line\nand its next.', 'Another.', 'The end.']);
    for (const { from, text } of paragraphs) expect(part.startsWith(text, from)).toBe(true);
  });

  test('of nothing are none', () => expect(paragraphsOf(' \n\n ')).toEqual([]));
});

describe('the pieces of a paragraph', () => {
  const paragraph = { from: 10, text: 'One. Two. Three.' };
  const texts = (passages: Parameters<typeof piecesOf>[1]) => piecesOf(paragraph, passages).map(({ text }) => text);

  test('are cut where passages begin and end', () => {
    const passages = [
      { part: 0, from: 10, to: 14 },
      { part: 0, from: 15, to: 19 },
    ];
    expect(texts(passages)).toEqual(['One.', ' ', 'Two.', ' Three.']);
  });

  test('of passages that reach beyond it are its own', () => {
    expect(texts([{ part: 0, from: 0, to: 14 }])).toEqual(['One.', ' Two. Three.']);
    expect(texts([{ part: 0, from: 0, to: 400 }])).toEqual(['One. Two. Three.']);
  });

  test('without passages is itself', () => expect(texts([])).toEqual(['One. Two. Three.']));
});

test('sentences follow the rules of the language, without the space behind them', () => {
  const text = '“Where?” asked Mr. Fox. ¡Aquí! Тут.';
  const found = sentencesOf(text, 3, 'en').map(({ from, to }) => text.slice(from, to));
  expect(found.join('|')).toContain('¡Aquí!|Тут.');
  expect(sentencesOf(text, 3, 'en').every(({ part }) => part === 3)).toBe(true);
});

test('a cue counts from its start until its end, and nothing counts in a pause', () => {
  const cues = [
    { start: 1, end: 2 },
    { start: 3, end: 4 },
  ];
  expect([0.9, 1, 2, 2.5, 3.99, 4].map((at) => cueAt(cues, at)?.start)).toEqual([
    undefined,
    1,
    undefined,
    undefined,
    3,
    undefined,
  ]);
});
