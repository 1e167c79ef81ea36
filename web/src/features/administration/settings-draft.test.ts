import { expect, test } from 'vitest';
import { runtimeSettings } from '#contract/administration.ts';
import { auditActions as ofServer } from '#domain/audit/audit-actions.ts';
import { settings } from './administration.fixture.tsx';
import { auditActions } from './audit-actions.ts';
import { differenceOf, draftOf, numberFields, rebased } from './settings-draft.ts';
import { mostTokens } from './whole-number.ts';

const draft = draftOf(settings);

test('a draft of the settings is no change', () => {
  expect(differenceOf(settings, draft)).toEqual({ change: {}, count: 0, isValid: true });
});

test('only what was changed is sent, also of the budgets', () => {
  const changed = {
    ...draft,
    guests: false,
    numbers: { ...draft.numbers, storiesPerDay: '3' },
    budgets: { ...draft.budgets, user: '0' },
  };
  expect(differenceOf(settings, changed)).toEqual({
    change: { guests: false, storiesPerDay: 3, budgets: { user: 0 } },
    count: 3,
    isValid: true,
  });
});

test('what somebody else changed meanwhile is no change of mine, and mine stays', () => {
  const mine = { ...draft, banner: 'Back at noon', numbers: { ...draft.numbers, storiesPerDay: '3' } };
  const now = { ...settings, guests: !settings.guests, openSockets: 77, budgets: { ...settings.budgets, user: 5 } };
  expect(differenceOf(now, rebased(mine, settings, now)).change).toEqual({ banner: 'Back at noon', storiesPerDay: 3 });
});

test.each(['', '1.5', '-1', 'ten', '100001', '99999999999'])(
  'a number that is none of its own is not sent: %j',
  (text) => {
    const { isValid, count } = differenceOf(settings, {
      ...draft,
      numbers: { ...draft.numbers, runningAnswers: text },
    });
    expect([isValid, count]).toEqual([false, 1]);
  },
);

test('the bounds are those of the contract', () => {
  const { shape } = runtimeSettings;
  for (const [name, [min, max]] of Object.entries(numberFields)) {
    const field = shape[name as keyof typeof numberFields];
    const isTaken = (value: number) => field.safeParse(value).success;
    expect([min - 1, min, max, max + 1].map(isTaken), name).toEqual([false, true, true, false]);
  }
  const isTaken = (user: number) => shape.budgets.safeParse({ ...settings.budgets, user }).success;
  expect([-1, 0, mostTokens, mostTokens + 1].map(isTaken)).toEqual([false, true, true, false]);
});

test('each action that the audit log tells of can be looked for', () => {
  expect([...auditActions].sort()).toEqual([...ofServer].sort());
});
