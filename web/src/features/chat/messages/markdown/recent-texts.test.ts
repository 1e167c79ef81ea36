import { expect, test } from 'vitest';
import { RecentTexts } from './recent-texts.ts';

test('keeps what came of the texts that were asked for last', () => {
  const kept = new RecentTexts<number>(6);
  kept.set('aaa', 1);
  kept.set('bbb', 2);
  expect(kept.get('aaa')).toBe(1);
  kept.set('ccc', 3);
  expect(['aaa', 'bbb', 'ccc'].map((text) => kept.get(text))).toEqual([1, undefined, 3]);
});

test('counts a text once that is set again, and keeps none that is longer than all may be', () => {
  const kept = new RecentTexts<number>(6);
  kept.set('aaa', 1);
  kept.set('aaa', 2);
  kept.set('bbb', 3);
  expect(['aaa', 'bbb'].map((text) => kept.get(text))).toEqual([2, 3]);
  kept.set('a long one', 4);
  expect(['aaa', 'bbb', 'a long one'].map((text) => kept.get(text))).toEqual([undefined, undefined, undefined]);
});
