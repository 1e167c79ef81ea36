import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { Markdown } from './markdown.tsx';
import { piecesOf } from './pieces.ts';

afterEach(cleanup);

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

describe('a long block', () => {
  test.each([
    ['list', lines(60, (index) => `- item ${index} of a long list`)],
    ['numbered list', lines(60, (index) => `${index + 3}. item ${index}\n   - nested`)],
    ['table', `| a | b |\n| --- | --- |\n${lines(90, (index) => `| ${index} | some words |`)}`],
  ])('that is a %s is in pieces, which are the text again', (_, text) => {
    const pieces = piecesOf(text);
    expect(pieces?.texts.length).toBeGreaterThan(1);
    expect((pieces?.head ?? '') + pieces?.texts.join('')).toBe(text);
  });

  test.each([
    ['short', '- a\n- b'],
    ['a paragraph', 'word '.repeat(400)],
    ['a list that something interrupts', `${lines(60, (index) => `- item ${index} of a long list`)}\n# head\nmore`],
    ['a table with a line that is no row', `| a |\n| - |\n${lines(200, () => '| some |')}\nmore\n| x |`],
  ])('stays whole where it is %s', (_, text) => {
    expect(piecesOf(text)).toBeUndefined();
  });

  test('is one list, with its first number and all its items', () => {
    const { container } = render(<Markdown text={lines(80, (index) => `${index + 5}. item number ${index}`)} />);
    expect(container.querySelectorAll('ol')).toHaveLength(1);
    expect(container.querySelector('ol')?.getAttribute('start')).toBe('5');
    expect(container.querySelectorAll('ol > li')).toHaveLength(80);
  });

  test('is one table, with one head and all its rows', () => {
    const { container } = render(
      <Markdown text={`| a | b |\n| - | - |\n${lines(120, (index) => `| ${index} | words |`)}`} />,
    );
    expect(container.querySelectorAll('table, thead, tbody')).toHaveLength(3);
    expect(container.querySelectorAll('thead th')).toHaveLength(2);
    expect(container.querySelectorAll('tbody tr')).toHaveLength(120);
  });

  test.each([
    [
      'row',
      `| a |\n| - |\n${lines(90, (index) => `| ${index} | some words |`)}\n| ${'x'.repeat(6_000)} |`,
      'tbody > tr > td',
    ],
    ['head', `| ${'x'.repeat(6_000)} |\n| - |\n${lines(90, () => '| some words |')}`, 'thead > tr > td'],
    ['item', `${lines(90, (index) => `- item ${index}`)}\n- ${'x'.repeat(6_000)}`, 'ul > li'],
  ])('shows a %s that the parser cannot take as it stands, in its place', (_, text, place) => {
    const { container } = render(<Markdown text={text} />);
    expect(container.querySelector('.plain-text')?.parentElement?.matches(place)).toBe(true);
  });

  test('keeps the elements that it has while it grows', () => {
    const text = lines(80, (index) => `- item number ${index}`);
    const { container, rerender } = render(<Markdown text={text} open />);
    const first = container.querySelector('li');
    rerender(<Markdown text={`${text}\n- one more`} open />);
    expect(container.querySelector('li')).toBe(first);
    expect(container.querySelectorAll('li')).toHaveLength(81);
    expect(container.querySelectorAll('.caret')).toHaveLength(1);
  });
});
