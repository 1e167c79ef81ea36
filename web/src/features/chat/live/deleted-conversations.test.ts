import { beforeEach, describe, expect, test } from 'vitest';
import { createLive } from './live-updates.fixture.ts';
import { queryKeys } from './message-cache.ts';

beforeEach(() => localStorage.clear());

describe('a conversation that is deleted', () => {
  test('a message whose conversation is gone is given back, with those behind it', () => {
    const { live, outbox, events, list, titles } = createLive(['id-1', 'id-2']);
    list('c');
    outbox.add({ text: 'hello', conversationId: 'c' });
    outbox.add({ text: 'and more', conversationId: 'c' });
    live.receive({ type: 'error', ref: 'id-1', code: 'not_found', message: 'Gone.', traceId: 't' });
    expect(events).toEqual([{ type: 'deleted', conversationId: 'c', isOwn: false, unsent: ['hello', 'and more'] }]);
    expect(outbox.all()).toEqual([]);
    expect(titles()).toEqual([]);
  });

  test('a message that waits for a conversation is given back when that is deleted elsewhere', () => {
    const { live, outbox, events } = createLive();
    outbox.add({ text: 'hello', conversationId: 'c' });
    live.receive({ type: 'notice', notice: { kind: 'conversation_deleted', conversationId: 'c' } });
    expect(events).toEqual([{ type: 'deleted', conversationId: 'c', isOwn: false, unsent: ['hello'] }]);
  });

  test('a conversation that is deleted here takes along what waited for it, but not where that was refused', () => {
    const { live, outbox, events, list, titles, isStale } = createLive(['id-1', 'id-2']);
    const gone = { type: 'notice', notice: { kind: 'conversation_deleted', conversationId: 'c' } } as const;
    list('c', 'other');
    outbox.add({ text: 'hello', conversationId: 'c' });
    live.deleting('c');
    expect(titles()).toEqual(['other']);
    live.receive(gone);
    expect(events).toEqual([{ type: 'deleted', conversationId: 'c', isOwn: true, unsent: ['hello'] }]);
    expect(outbox.all()).toEqual([]);
    live.notDeleted('c');
    expect(isStale(queryKeys.conversationList(''))).toBe(true);
    live.receive(gone);
    expect(events.at(-1)).toMatchObject({ isOwn: false });
  });

  test('titles and deletions arrive in the list', () => {
    const { live, list, titles, events } = createLive();
    list('one', 'two');
    live.receive({ type: 'notice', notice: { kind: 'conversation_changed', conversationId: 'one', title: 'better' } });
    expect(titles()).toEqual(['better', 'two']);
    live.receive({ type: 'notice', notice: { kind: 'conversation_deleted', conversationId: 'two' } });
    expect(titles()).toEqual(['better']);
    expect(events).toEqual([{ type: 'deleted', conversationId: 'two', isOwn: false, unsent: [] }]);
  });
});
