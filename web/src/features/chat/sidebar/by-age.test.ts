import { expect, test } from 'vitest';
import { byAge } from './by-age.ts';

const now = new Date(2026, 5, 15, 12);
const words = { today: 'Today', yesterday: 'Yesterday', language: 'en' };
const conversation = (id: string, updated: Date) => {
  const updatedAt = updated.toISOString();
  return { id, title: id, createdAt: updatedAt, updatedAt };
};
const all = [
  conversation('morning', new Date(2026, 5, 15, 0, 0)),
  conversation('last night', new Date(2026, 5, 14, 23, 59)),
  conversation('Tuesday', new Date(2026, 5, 9, 8)),
  conversation('a week ago', new Date(2026, 5, 8, 23)),
  conversation('May', new Date(2026, 4, 1)),
  conversation('last May', new Date(2025, 4, 20)),
];

test('groups by the person’s own days, and by months before them', () => {
  const groups = byAge(all, now, words);
  expect(groups.map(({ heading, conversations }) => [heading, ...conversations.map(({ id }) => id)])).toEqual([
    ['Today', 'morning'],
    ['Yesterday', 'last night'],
    ['Tuesday', 'Tuesday'],
    ['June', 'a week ago'],
    ['May', 'May'],
    ['May 2025', 'last May'],
  ]);
});

test('names days and months in the language of the page', () => {
  const headings = byAge(all, now, { today: 'Heute', yesterday: 'Gestern', language: 'de' }).map(
    (group) => group.heading,
  );
  expect(headings).toEqual(['Heute', 'Gestern', 'Dienstag', 'Juni', 'Mai', 'Mai 2025']);
});

test('has no empty groups', () => {
  expect(byAge([], now, words)).toEqual([]);
});
