import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitBlocks } from './split-blocks.ts';

describe('splitBlocks', () => {
  test.each([
    ['paragraphs', 'one\nstill\n\ntwo\n', ['one\nstill\n\n', 'two\n']],
    ['a fence, blank lines and all', 'a\n\n```js\nx\n\ny\n```\n\nb', ['a\n\n', '```js\nx\n\ny\n```\n\n', 'b']],
    ['a fence that is still open', '~~~\nx\n\n\ny', ['~~~\nx\n\n\ny']],
    ['a fence that holds a shorter one', '````\n```\n\nx\n````\n\nb', ['````\n```\n\nx\n````\n\n', 'b']],
    ['a list with space between its items', '- a\n\n- b\n\n  more\n\nend', ['- a\n\n- b\n\n  more\n\n', 'end']],
    ['a numbered list that goes on', '1. a\n\n2. b', ['1. a\n\n2. b']],
    ['indented code after a paragraph', 'a\n\n    code', ['a\n\n    code']],
    ['nothing', '', []],
    ['a text with definitions: whole', 'see [x]\n\n[x]: https://a.example', ['see [x]\n\n[x]: https://a.example']],
    ['a text with raw HTML: whole', '<div>\n\na\n\n</div>', ['<div>\n\na\n\n</div>']],
  ])('cuts %s', (_, text, blocks) => {
    expect(splitBlocks(text)).toEqual(blocks);
  });

  const line = fc.constantFrom(
    'text',
    '',
    '',
    '- item',
    '1. item',
    '```',
    '~~~~',
    '  indented',
    '    code',
    '> quote',
    '| a | b |',
    '# head',
    '12',
  );
  const document = fc.array(line, { maxLength: 25 }).map((lines) => lines.join('\n'));

  test('loses nothing', () => {
    fc.assert(fc.property(document, (text) => splitBlocks(text).join('') === text));
  });

  test('leaves all but the last two blocks alone while the text grows', () => {
    fc.assert(
      fc.property(document, fc.nat(), (text, cut) => {
        const before = splitBlocks(text.slice(0, cut % (text.length + 1))).slice(0, -2);
        expect(splitBlocks(text).slice(0, before.length)).toEqual(before);
      }),
    );
  });
});
