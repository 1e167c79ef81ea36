import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { readBlocks } from './definitions.ts';
import { Markdown } from './markdown.tsx';

afterEach(cleanup);

describe('definitions', () => {
  test('reach the blocks that name them, and no others', () => {
    const { blocks } = readBlocks(['see [A]\n\nplain\n\n[a]: https://a.example']);
    expect(blocks.map(({ definitions }) => definitions)).toEqual(['[a]: https://a.example', '', expect.any(String)]);
  });

  test('that come later leave all other blocks as they were', () => {
    const before = readBlocks(['one\n\nsee [a]\n\nthree\n\n']);
    const after = readBlocks(['one\n\nsee [a]\n\nthree\n\n[a]: https://a.example'], before);
    expect(after.blocks[0]).toEqual(before.blocks[0]);
    expect(after.blocks[1]?.definitions).toBe('[a]: https://a.example');
  });

  test('while a text grows, its blocks stay the same objects', () => {
    const before = readBlocks(['one\n\ntwo\n\nthree\n\nfour']);
    const after = readBlocks(['one\n\ntwo\n\nthree\n\nfour and more'], before);
    expect(after.blocks[0]).toBe(before.blocks[0]);
    expect(after.blocks[1]).toBe(before.blocks[1]);
  });

  test('make links wherever they stand', () => {
    render(<Markdown text={['see [the page][p]\n\n[p]: https://a.example/p']} />);
    expect(screen.getByRole('link', { name: 'the page' }).getAttribute('href')).toBe('https://a.example/p');
  });

  test('of notes leave the note where it is, by its name', () => {
    const { container } = render(<Markdown text={['said[^1]\n\nmore\n\n[^1]: by whom']} />);
    expect([...container.querySelectorAll('sup')].map(({ textContent }) => textContent)).toEqual(['1', '1']);
    expect(container.querySelector('.note')?.textContent).toBe('1by whom');
  });
});
