import { describe, expect, test } from 'vitest';
import { fenceIn, isOpenMaths } from './fence.ts';

describe('fenceIn', () => {
  test.each([
    ['```ts\nconst a = 1;\n```\n', { code: 'const a = 1;', language: 'ts' }],
    ['\n~~~\na\n\nb\n~~~', { code: 'a\n\nb', language: '' }],
    ['  ```py title="x"\n  a\n    b\n  ```', { code: 'a\n  b', language: 'py' }],
    ['```js\na\n``', { code: 'a', language: 'js' }],
    ['```js', { code: '', language: 'js' }],
    ['````\n```\n````', { code: '```', language: '' }],
  ])('reads %j', (block, fence) => {
    expect(fenceIn(block)).toEqual(fence);
  });

  test.each(['text', '```a`b', '- ```', '    ```'])('takes %j for no fence', (block) => {
    expect(fenceIn(block)).toBeUndefined();
  });
});

test.each([
  ['$$\nx', true],
  ['\\[ x', true],
  ['$$\nx\n$$', false],
  ['\\[x\\]', false],
  ['text $$x', false],
])('of %j it is said whether its maths is open', (block, isOpen) => {
  expect(isOpenMaths(block)).toBe(isOpen);
});
