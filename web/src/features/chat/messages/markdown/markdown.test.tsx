import { cleanup, render, screen } from '@testing-library/react';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { afterEach, describe, expect, test } from 'vitest';
import { Markdown } from './markdown.tsx';
import { splitBlocks } from './split-blocks.ts';

afterEach(cleanup);

const html = (text: string) => render(<Markdown text={[text]} />).container.innerHTML;

describe('Markdown', () => {
  test('opens links apart, and tells their sites nothing', () => {
    render(<Markdown text={['[there](https://a.example)']} />);
    const link = screen.getByRole('link', { name: 'there' });
    expect(link.getAttribute('rel')).toBe('noopener noreferrer');
    expect(link.getAttribute('target')).toBe('_blank');
  });

  test('has its headings below that of the page', () => {
    render(<Markdown text={['# Tides\n\n## Why\n\n###### Small']} />);
    const levels = screen.getAllByRole('heading').map(({ tagName, textContent }) => `${tagName} ${textContent}`);
    expect(levels).toEqual(['H2 Tides', 'H3 Why', 'H6 Small']);
  });

  test.each([2, 120])('has a table of %i rows begin where its language does, in the frame that scrolls it', (rows) => {
    const { container } = render(<Markdown text={[`| a | b |\n| - | - |\n${'| some | words |\n'.repeat(rows)}`]} />);
    const directed = [...container.querySelectorAll('[dir]')].map((one) => [one.className, one.getAttribute('dir')]);
    expect(directed).toEqual([['table-frame', 'auto']]);
  });

  test('loads no picture, but offers its address', () => {
    expect(html('![a cat](https://a.example/cat.png) ![](javascript:x)')).not.toContain('<img');
    expect(screen.getByRole('link', { name: 'a cat' }).getAttribute('href')).toBe('https://a.example/cat.png');
  });

  test('shows raw HTML as text, and no dangerous address', () => {
    const shown = html('<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>');
    expect(shown).not.toContain('<script');
    expect(shown).not.toContain('<img');
    expect(shown).not.toContain('href="javascript');
  });

  test.each([
    ['', 'P'],
    ['text **bold**', 'P'],
    ['- a\n- b', 'LI'],
    ['> quoted', 'P'],
    ['```js\nx', 'CODE'],
    ['| a |\n| - |\n| b |', 'TD'],
    ['see `code`', 'P'],
  ])('puts the caret of an open answer behind the end of %j', (text, parent) => {
    const { container } = render(<Markdown text={[text]} open />);
    const carets = container.querySelectorAll('.caret');
    expect(carets).toHaveLength(1);
    expect(carets[0]?.parentElement?.tagName).toBe(parent);
  });

  test('says of each task whether it is done', () => {
    render(<Markdown text={['- [x] bread\n- [ ] milk']} />);
    const states = screen
      .getAllByRole('checkbox')
      .map((box) => [box.getAttribute('aria-label'), 'checked' in box && box.checked]);
    expect(states).toEqual([
      ['Done', true],
      ['To do', false],
    ]);
  });

  test('has no caret once the answer is complete', () => {
    expect(html('text')).not.toContain('caret');
  });

  test('names the language of code, and lets it be copied', () => {
    render(<Markdown text={['```ts\nconst a = 1;\n```']} />);
    expect(screen.getByText('ts')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Copy code' })).toBeTruthy();
  });

  test.each([
    'one\n\ntwo\n\n- a\n\n- b\n\n      code\n\nend',
    '# head\ntext\n\n> a\n>\n> b\n\n1. x\n2. y\n\n   z\n\n| a | b |\n| - | - |\n| c | d |\n\nlast',
    '```\na\n\n\nb\n```\n\ntext\n\n~~~js\n```\n~~~\n\n***\n\n- [ ] todo\n- [x] done',
  ])('shows the same in blocks as in one piece (%#)', (text) => {
    const parse = (part: string) =>
      render(<ReactMarkdown remarkPlugins={[remarkGfm]}>{part}</ReactMarkdown>).container.innerHTML;
    const flat = (markup: string) => markup.replace(/\s+/g, ' ').replace(/> </g, '><').trim();
    expect(flat(splitBlocks([text]).blocks.map(parse).join(''))).toBe(flat(parse(text)));
  });
});
