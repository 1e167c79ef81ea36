import { cleanup, render } from '@testing-library/react';
import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
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
    ['list of which lines go on without an indent', lines(60, (index) => `- **Step ${index}**\ngoes on here`)],
    ['list of lists whose lines go on', lines(60, (index) => `- step ${index}\n  - nested\nand on`)],
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
    ['a list after whose code something stands', `${lines(90, (index) => `- ${index}\n  \`\`\`\n  x`)}\ntext`],
    ['a list after whose code something follows', `${lines(90, (index) => `- ${index}\n  \`\`\`\n  x`)}\ntext\n- more`],
    ['a list with a quote', `${lines(60, (index) => `- item ${index} of a long list`)}\n> quoted\n- more`],
    ['a table with a line that is no row', `| a |\n| - |\n${lines(200, () => '| some |')}\nmore\n| x |`],
  ])('stays whole where it is %s', (_, text) => {
    expect(piecesOf(text)).toBeUndefined();
  });

  test('is one list, with its first number and all its items', () => {
    const { container } = render(<Markdown text={[lines(80, (index) => `${index + 5}. item number ${index}`)]} />);
    expect(container.querySelectorAll('ol')).toHaveLength(1);
    expect(container.querySelector('ol')?.getAttribute('start')).toBe('5');
    expect(container.querySelectorAll('ol > li')).toHaveLength(80);
  });

  test('is one table, with one head and all its rows', () => {
    const { container } = render(
      <Markdown text={[`| a | b |\n| - | - |\n${lines(120, (index) => `| ${index} | words |`)}`]} />,
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
    const { container } = render(<Markdown text={[text]} />);
    expect(container.querySelector('.plain-text')?.parentElement?.matches(place)).toBe(true);
  });

  test('is formatted to its end where it is longer than the parser takes at once, whichever way its lines go on', () => {
    const steps = lines(200, (index) => `${index + 1}. **Step ${index}**\n- do this\n- and that\n`);
    const lazy = lines(200, (index) => `- **Word ${index}**\nand what it means`);
    for (const text of [steps, lazy]) {
      expect(text.length).toBeGreaterThan(6_000);
      const { container } = render(<Markdown text={[text]} />);
      expect(container.querySelectorAll('strong')).toHaveLength(200);
      expect(container.querySelector('.plain-text')).toBe(null);
      cleanup();
    }
  });

  test('has the items that the parser finds in the whole, whichever way their lines go on', () => {
    const kinds = [
      '- words',
      '- **bold** x',
      '- [ ] task',
      '- - -',
      '- ```',
      'lazily on',
      '**so** on',
      '  - in it',
      '  on',
      '  ```',
      '(so)',
      '',
    ];
    const begin = lines(60, (index) => `- item ${index} of a long list`);
    const itemsOf = (text: string) => {
      const holder = document.createElement('div');
      holder.innerHTML = renderToStaticMarkup(<ReactMarkdown remarkPlugins={[remarkGfm]}>{text}</ReactMarkdown>);
      return [...holder.children].flatMap((list) => (list.matches('ul') ? [...list.children] : [list]));
    };
    const said = (items: readonly Element[]) => items.map(({ textContent }) => textContent.trim());
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { maxLength: 12 }), (more) => {
        const text = [begin, ...more, '- end'].join('\n');
        const pieces = piecesOf(text);
        if (pieces) expect(said(pieces.texts.flatMap(itemsOf))).toEqual(said(itemsOf(text)));
      }),
      { numRuns: 150 },
    );
  });

  test('keeps the elements that it has while it grows', () => {
    const text = lines(80, (index) => `- item number ${index}`);
    const { container, rerender } = render(<Markdown text={[text]} open />);
    const first = container.querySelector('li');
    rerender(<Markdown text={[`${text}\n- one more`]} open />);
    expect(container.querySelector('li')).toBe(first);
    expect(container.querySelectorAll('li')).toHaveLength(81);
    expect(container.querySelectorAll('.caret')).toHaveLength(1);
  });
});
