import { cleanup, render } from '@testing-library/react';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { Markdown } from './markdown.tsx';
import { plainParagraph } from './plain-paragraph.tsx';

afterEach(cleanup);

const html = (text: string, open = false) => render(<Markdown text={[text]} open={open} />).container.innerHTML;

describe('a paragraph of words', () => {
  test('is what the parser makes of it', () => {
    const signs = [...'ab Zß夢ش0129.,;:!?-+#=()"\'{}/%^ \u00a0', '🌙', 'www', 'http:', '1. ', '    '];
    const texts = fc
      .array(fc.constantFrom(...signs), { minLength: 1, maxLength: 30 })
      .map((parts) => `${parts.join('')}z`);
    fc.assert(
      fc.property(texts, fc.boolean(), (text, open) => {
        fc.pre(plainParagraph(text, open) !== undefined);
        // A mark at the end has the parser asked.
        const parsed = html(`${text} **x**`, open).replace(' <strong>x</strong>', '');
        cleanup();
        expect(html(text, open)).toBe(parsed);
        cleanup();
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    'a *b*',
    'a_b_',
    '~a~',
    '`a`',
    '[a](b)',
    '<b>',
    'a &amp; b',
    'a\\*',
    '$x$',
    'a | b',
    'one\ntwo',
    'https://a.example',
    'WWW.a.example',
    'a@b.example',
    '- a',
    '+ a',
    '# a',
    '   12) a',
    '    a',
    '\ta',
    '  ',
    '',
  ])('is not %j', (text) => {
    expect(plainParagraph(text, false)).toBeUndefined();
  });

  test('stays the same element when its first mark comes', () => {
    const { container, rerender } = render(<Markdown text={['Tides come']} open />);
    const paragraph = container.querySelector('p');
    expect(paragraph?.textContent).toBe('Tides come');
    rerender(<Markdown text={['Tides come **twice']} open />);
    expect(container.querySelector('strong')?.textContent).toBe('twice');
    expect(container.querySelector('p')).toBe(paragraph);
    expect(paragraph?.isConnected).toBe(true);
  });
});
