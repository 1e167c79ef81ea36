import { expect, test } from 'vitest';
import { byAge } from './by-age.ts';

const now = new Date(2026, 5, 15, 12);
const conversation = (id: string, updated: Date) => {
  const updatedAt = updated.toISOString();
  return { id, title: id, createdAt: updatedAt, updatedAt };
};

test('groups by the person’s own days', () => {
  const groups = byAge(
    [
      conversation('morning', new Date(2026, 5, 15, 0, 0)),
      conversation('last night', new Date(2026, 5, 14, 23, 59)),
      conversation('Tuesday', new Date(2026, 5, 9, 8)),
      conversation('May', new Date(2026, 4, 1)),
    ],
    now,
  );
  expect(groups.map(({ heading, conversations }) => [heading, ...conversations.map(({ id }) => id)])).toEqual([
    ['Today', 'morning'],
    ['Yesterday', 'last night'],
    ['This week', 'Tuesday'],
    ['Earlier', 'May'],
  ]);
});

test('has no empty groups', () => {
  expect(byAge([], now)).toEqual([]);
});
