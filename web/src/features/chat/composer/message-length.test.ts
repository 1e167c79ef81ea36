import { expect, test } from 'vitest';
import { lengthProblem, mostCharacters } from './message-length.ts';

test('counts an emoji as one character', () => {
  expect(lengthProblem('😀'.repeat(mostCharacters))).toBeUndefined();
  expect(lengthProblem('a'.repeat(mostCharacters))).toBeUndefined();
});

test.each([
  [1, 'This is 1 character too long. A message has at most 100,000.'],
  [1500, 'This is 1,500 characters too long. A message has at most 100,000.'],
])('says by how much a text is too long (%d)', (over, sentence) => {
  expect(lengthProblem('a'.repeat(mostCharacters + over))).toBe(sentence);
});

test('says so where a text within the limit does not fit a frame', () => {
  expect(lengthProblem('\u0001'.repeat(mostCharacters))).toMatch(/special characters/);
});
