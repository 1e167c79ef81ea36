import { expect, test } from 'vitest';
import type { Message } from '#contract/conversations.ts';
import { threadOf } from './thread.ts';

const message = (id: string, parentId?: string): Message => ({
  id,
  conversationId: 'c',
  ...(parentId ? { parentId } : {}),
  role: 'user',
  status: 'complete',
  text: id,
  createdAt: '2026-01-01T00:00:00Z',
});
const ids = (...messages: Message[]) => threadOf(messages).map(({ id }) => id);

test('is empty without messages', () => {
  expect(ids()).toEqual([]);
});

test('shows the oldest first', () => {
  expect(ids(message('c', 'b'), message('b', 'a'), message('a'))).toEqual(['a', 'b', 'c']);
});

test('of siblings shows the latest, with what follows from it', () => {
  expect(ids(message('d', 'b2'), message('b2', 'a'), message('b1', 'a'), message('a'))).toEqual(['a', 'b2', 'd']);
  expect(ids(message('b2', 'a'), message('b1', 'a'), message('a'))).toEqual(['a', 'b2']);
});

test('goes by parents where two messages changed places', () => {
  expect(ids(message('a'), message('b', 'a'))).toEqual(['a', 'b']);
});

test('begins where the loaded pages begin', () => {
  expect(ids(message('c', 'b'), message('b', 'not loaded'))).toEqual(['b', 'c']);
});

test('ends with messages that are each other’s parents', () => {
  expect(ids(message('c', 'b'), message('b', 'a'), message('a', 'b'))).toEqual(['a', 'b', 'c']);
});
