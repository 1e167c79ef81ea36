import { expect, it } from 'vitest';
import { longestReply, partOf, titleOf } from './story-reply.ts';

it('makes paragraphs of what a model wrote, apart by one empty line', () => {
  const wrote = '\u202eOnce\u0007\u00a0 \r\n there  was\r\n \u00a0\r\n\r\n\r\n\ta lamp. \ud800 ';
  expect(partOf.parse(wrote)).toBe('Once\nthere  was\n\na lamp. \ufffd');
  expect(titleOf.parse(' The \n\n lamp ')).toBe('The lamp');
});

it.each([
  ['spaces', ' '],
  ['spaces that do not break', '\u00a0'],
  ['line breaks', '\n'],
  ['marks', '\u0301'],
])('takes a reply of nothing but %s in its stride', (_what, sign) => {
  const begin = performance.now();
  partOf.safeParse(`a${sign.repeat(longestReply)}b`);
  expect(performance.now() - begin).toBeLessThan(1_000);
});
