import { expect, test } from 'vitest';
import { storyOf } from './stories.fixture.tsx';
import { tonightOf } from './story-state.ts';
import { settingsOf } from './telling.ts';

test('tonight is told by the days of the account’s zone', () => {
  const now = new Date('2026-11-21T20:00:00.000Z');
  const morning = storyOf({ createdAt: '2026-11-21T06:30:00.000Z' });
  expect(tonightOf([morning], now, 'UTC')).toBe(morning);
  // In Auckland it was the evening of the 21st then, and is the morning of the 22nd by now.
  expect(tonightOf([morning], now, 'Pacific/Auckland')).toBeUndefined();
});

test('tonight is the newest that was told or is being told', () => {
  const now = new Date();
  const failed = storyOf({ id: 'failed', status: 'failed' });
  const writing = storyOf({ id: 'writing', status: 'writing' });
  expect(tonightOf([failed, writing, storyOf()], now, 'UTC')?.id).toBe('writing');
  expect(tonightOf([failed], now, 'UTC')).toBeUndefined();
});

test('words are told apart by commas of any script', () => {
  expect(settingsOf({ themes: 'البحر، الصداقة, boats' })).toEqual({ themes: ['البحر', 'الصداقة', 'boats'] });
});
