import fc from 'fast-check';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { describe, expect, test } from 'vitest';
import { type Split, splitBlocks } from './split-blocks.ts';

/** What the parser makes of a text, without what stands between its elements. */
const htmlOf = (text: string) =>
  renderToStaticMarkup(createElement(ReactMarkdown, { remarkPlugins: [remarkGfm] }, text)).replaceAll(/>\s+</g, '><');
const blocksOf = (text: string) => splitBlocks([text]).blocks;

describe('splitBlocks', () => {
  test.each([
    ['paragraphs', 'one\nstill\n\ntwo\n', ['one\nstill\n\n', 'two\n']],
    ['a fence, blank lines and all', 'a\n\n```js\nx\n\ny\n```\n\nb', ['a\n\n', '```js\nx\n\ny\n```\n\n', 'b']],
    ['a fence from what stands right before and after it', 'a\n```\nx\n```\nb', ['a\n', '```\nx\n```\n', 'b']],
    ['a fence that is still open', '~~~\nx\n\n\ny', ['~~~\nx\n\n\ny']],
    ['a fence that holds a shorter one', '````\n```\n\nx\n````\n\nb', ['````\n```\n\nx\n````\n\n', 'b']],
    ['no fence where code stands in a line', 'a\n```b```\nc', ['a\n```b```\nc']],
    ['maths, blank lines and all', 'a\n$$\nx\n\ny\n$$\nb', ['a\n', '$$\nx\n\ny\n$$\n', 'b']],
    ['maths in brackets', '\\[\nx\n\n\\]\nb', ['\\[\nx\n\n\\]\n', 'b']],
    ['maths of one line with its paragraph', '$$x$$ is\n\nb', ['$$x$$ is\n\n', 'b']],
    ['a heading from what stands around it', 'a\n# b\nc', ['a\n', '# b\n', 'c']],
    ['a list with space between its items', '- a\n\n- b\n\n  more\n\nend', ['- a\n\n- b\n\n  more\n\n', 'end']],
    ['a list with a fence in it', '- a\n\n  ```\n  x\n\n  ```\n- b', ['- a\n\n  ```\n  x\n\n  ```\n- b']],
    ['a numbered list that goes on', '1. a\n\n2. b', ['1. a\n\n2. b']],
    ['indented code after a paragraph', 'a\n\n    code', ['a\n\n    code']],
    ['nothing', '', []],
    ['a text with definitions', 'see [x]\n\n[x]: https://a.example', ['see [x]\n\n', '[x]: https://a.example']],
    ['a footnote with its second paragraph', '[^1]: a\n\n    b\n\nc', ['[^1]: a\n\n    b\n\n', 'c']],
    ['raw HTML like any text', '<div>\n\na\n\n</div>', ['<div>\n\n', 'a\n\n', '</div>']],
  ])('cuts %s', (_, text, blocks) => {
    expect(blocksOf(text)).toEqual(blocks);
  });

  const line = fc.constantFrom(
    'text',
    '',
    '',
    '- item',
    '1. item',
    '```',
    '~~~~',
    '  ```',
    '$$',
    '\\[',
    'x \\]',
    '  indented',
    '    code',
    '> quote',
    '| a | b |',
    '# head',
    '#hash',
    '[^1]: note',
    '12',
  );
  const document = fc.array(line, { maxLength: 25 }).map((lines) => lines.join('\n'));

  test('loses nothing', () => {
    fc.assert(fc.property(document, (text) => blocksOf(text).join('') === text));
  });

  test('leaves all but the last two blocks alone while the text grows', () => {
    fc.assert(
      fc.property(document, fc.nat(), (text, at) => {
        const before = blocksOf(text.slice(0, at % (text.length + 1))).slice(0, -2);
        expect(blocksOf(text).slice(0, before.length)).toEqual(before);
      }),
    );
  });

  test('cuts a text that grew as it cuts the whole', () => {
    fc.assert(
      fc.property(document, fc.array(fc.nat(), { maxLength: 5 }), (text, cuts) => {
        const lengths = cuts.map((at) => at % (text.length + 1)).sort((one, other) => one - other);
        const grown = [...lengths, text.length].reduce<Split | undefined>(
          (before, length) => splitBlocks([text.slice(0, length)], before),
          undefined,
        );
        expect(grown?.blocks).toEqual(blocksOf(text));
      }),
      { numRuns: 500 },
    );
  });

  test('begins anew with another text', () => {
    expect(splitBlocks(['b'], splitBlocks(['a\n\nc'])).blocks).toEqual(['b']);
  });

  test('cuts lists, where another one begins, so that they come out as they do in one', () => {
    const marks = [
      '- a',
      '* b',
      '1. c',
      '2. d',
      '3) e',
      ' - f',
      '   - g',
      '  - h',
      '  - - -',
      '- - -',
      '  more',
      '*so* on',
      '',
    ];
    const lists = fc.array(fc.constantFrom(...marks), { maxLength: 12 }).map((lines) => ['- a', ...lines].join('\n'));
    fc.assert(
      fc.property(lists, (text) => blocksOf(text).map(htmlOf).join('') === htmlOf(text)),
      { numRuns: 500 },
    );
  });

  test('cuts steps with points at each', () => {
    const step = (index: number) => `${index}. **Step**\n- this\n- that\n\n`;
    expect(blocksOf(step(1) + step(2))).toEqual([
      '1. **Step**\n',
      '- this\n- that\n\n',
      '2. **Step**\n',
      '- this\n- that\n\n',
    ]);
  });
});
