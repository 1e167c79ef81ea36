import { describe, expect, test } from 'vitest';
import { steadyTail } from './steady-tail.ts';

describe('steadyTail', () => {
  test.each([
    ['bold that is open', 'a **bold', 'a **bold**'],
    ['a mark alone', 'a **', 'a '],
    ['italics in bold', '**a *b', '**a *b***'],
    ['code that is open', 'a `code', 'a `code`'],
    ['a backtick alone', 'a `', 'a '],
    ['what is struck through', '~~gone', '~~gone~~'],
    ['a link without its address', 'see [the page](https://a.exa', 'see the page'],
    ['the name of a link', 'see [the pa', 'see the pa'],
    ['a picture without its address', '![a cat](https://', 'a cat'],
    ['a backslash alone', 'a\\', 'a'],
    ['a whole link', '[a](https://a.example) b', '[a](https://a.example) b'],
    ['text with nothing open', 'a **b** `c` _d_ 2 * 3', 'a **b** `c` _d_ 2 * 3'],
    ['a snake of a name', 'read snake_case here', 'read snake_case here'],
    ['a rule that may be a heading’s', 'text\n-', 'text\n'],
    ['an underline', 'text\n==', 'text\n'],
    ['a list item without text', '- a\n- ', '- a\n'],
    ['a task without its box', '- [x] a\n- [', '- [x] a\n'],
    ['a number that may be an item', 'text\n12.', 'text\n'],
    ['marks of an item that is over', '- **a\n- b', '- **a\n- b'],
    ['the head of a table that is not over', '| a | b', ''],
    ['the head of a table', '| a | b |\n', '| a | b |\n| - | - |\n'],
    ['a table whose rule has begun', '| a |\n| -', '| a |\n| - |\n'],
    ['a table with rows', '| a |\n| - |\n| b', '| a |\n| - |\n| b'],
  ])('shows %s', (_, text, shown) => {
    expect(steadyTail(text)).toBe(shown);
  });
});
