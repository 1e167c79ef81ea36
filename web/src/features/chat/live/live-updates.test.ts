import { InfiniteQueryObserver } from '@tanstack/react-query';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Message } from '#contract/conversations.ts';
import { confirmed, createLive, done, finished, run } from './live-updates.fixture.ts';
import { queryKeys } from './message-cache.ts';

beforeEach(() => localStorage.clear());

describe('LiveUpdates', () => {
  test('a confirmed message begins a conversation with its question and its answer under way', () => {
    const { outbox, live, answers, events, shown } = createLive();
    outbox.add({ text: 'hello' });
    live.receive(confirmed);
    expect(outbox.all()).toEqual([]);
    expect(shown()).toMatchObject([
      { id: 'answer', parentId: 'question', role: 'assistant', status: 'running', runId: 'run' },
      { id: 'question', role: 'user', text: 'hello' },
    ]);
    expect(answers.follows('run')).toBe(true);
    expect(events).toEqual([{ type: 'began', conversationId: 'c' }]);
  });

  test('a message is sent by the next session where it was refused because its own is over', () => {
    const { outbox, live } = createLive();
    outbox.add({ text: 'hello', conversationId: 'c' });
    live.receive({ type: 'error', ref: 'id-1', code: 'session_expired', message: 'Over.', traceId: 't' });
    expect(outbox.all()).toEqual([{ text: 'hello', conversationId: 'c', clientMessageId: 'id-1' }]);
  });

  test('an answer is asked for again where it could not be sent, and not where it is gone', () => {
    const { answers, live, sent, timers } = createLive();
    answers.follow('run');
    live.receive({ type: 'error', runId: 'run', code: 'not_found', message: 'Gone.', traceId: 't' });
    expect(timers).toEqual([]);
    live.receive({ type: 'error', runId: 'run', code: 'store_unavailable', message: 'Away.', traceId: 't' });
    timers[0]?.();
    expect(sent.filter(({ type }) => type === 'subscribe')).toHaveLength(2);
  });

  test('it follows the last message where there are some, and is there once', () => {
    const { outbox, live, events, show, shown } = createLive();
    show({ ...finished, id: 'earlier' });
    outbox.add({ text: 'hello', conversationId: 'c' });
    live.receive(confirmed);
    live.receive(confirmed);
    expect(shown().map(({ id, parentId }) => [id, parentId])).toEqual([
      ['answer', 'question'],
      ['question', 'earlier'],
      ['earlier', 'question'],
    ]);
    expect(events).toEqual([]);
  });

  test('one whose answer ended meanwhile is asked for', () => {
    const { outbox, live, show, shown, isStale } = createLive();
    show();
    outbox.add({ text: 'hello', conversationId: 'c' });
    live.receive({ ...confirmed, status: 'complete' });
    expect(shown()).toEqual([]);
    expect(isStale(queryKeys.messages('c'))).toBe(true);
    expect(outbox.all()).toEqual([]);
  });

  test('the end of an answer takes its place, or is asked for where it is not loaded', () => {
    const { live, show, shown, isStale } = createLive();
    show({ ...finished, status: 'running', text: '' });
    live.receive(done);
    expect(shown()).toEqual([finished]);
    show();
    live.receive(done);
    expect(isStale(queryKeys.messages('c'))).toBe(true);
  });

  test('a page under way cannot undo what was heard since', async () => {
    const { queries, live, show, shown } = createLive();
    show({ ...finished, status: 'running', text: '' });
    let asked = 0;
    const gates: (() => void)[] = [];
    const fetching = queries.fetchInfiniteQuery({
      queryKey: queryKeys.messages('c'),
      queryFn: async () => {
        asked += 1;
        const late = asked === 1;
        if (late) await new Promise<void>((resolve) => gates.push(resolve));
        return { items: [late ? { ...finished, status: 'running' as const, text: '' } : finished] };
      },
      initialPageParam: undefined as string | undefined,
      getNextPageParam: () => undefined,
    });
    fetching.catch(() => {});
    live.receive(done);
    gates.forEach((open) => {
      open();
    });
    await expect.poll(() => queries.isFetching()).toBe(0);
    expect(shown()).toEqual([finished]);
  });

  test('a first page under way is given up for one with what was sent since', async () => {
    const { queries, outbox, live, shown } = createLive();
    const pages = [Promise.withResolvers<Message[]>(), Promise.withResolvers<Message[]>()];
    let asked = 0;
    const observer = new InfiniteQueryObserver(queries, {
      queryKey: queryKeys.messages('c'),
      queryFn: async () => ({ items: (await pages[asked++]?.promise) ?? [] }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: () => undefined,
    });
    const forget = observer.subscribe(() => {});
    outbox.add({ text: 'hello', conversationId: 'c' });
    live.receive(confirmed);
    await expect.poll(() => asked).toBe(2);
    pages[0]?.resolve([]);
    pages[1]?.resolve([finished]);
    await expect.poll(() => shown()).toEqual([finished]);
    forget();
  });

  test('text goes to the answer it belongs to', () => {
    const { live, answers } = createLive();
    answers.follow('run');
    live.receive({ type: 'delta', runId: 'run', at: '1-2', text: 'ab' });
    expect(answers.get('run').length).toBe(2);
    live.receive({ type: 'reset', runId: 'run', at: '2-0' });
    expect(answers.get('run')).toMatchObject({ attempt: 2, length: 0 });
  });

  test('a refusal stays with its message, but draining is none', () => {
    const { live, outbox } = createLive();
    outbox.add({ text: 'hello' });
    live.receive({ type: 'error', ref: 'id-1', code: 'draining', message: 'It stops.', traceId: 't' });
    expect(outbox.find('id-1')?.error).toBeUndefined();
    const error = { code: 'budget_spent', message: 'Wait.', traceId: 't' } as const;
    live.receive({ type: 'error', ref: 'id-1', ...error });
    expect(outbox.find('id-1')?.error).toEqual(error);
  });

  test('a message that came while another answer was under way is sent when that has ended', () => {
    const { live, outbox, sent } = createLive();
    outbox.add({ text: 'hello', conversationId: 'c' });
    live.receive({ type: 'error', ref: 'id-1', code: 'answer_running', message: 'Wait.', traceId: 't' });
    expect(outbox.find('id-1')?.error).toBeUndefined();
    live.receive({ type: 'notice', notice: { kind: 'run_ended', runId: 'other', conversationId: 'c' } });
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
  });

  test('what was written behind the first message goes on in its conversation, after its answer', () => {
    const { live, outbox, sent } = createLive(['id-1', 'id-2']);
    outbox.add({ text: 'hello' });
    outbox.add({ text: 'and more' });
    live.receive(confirmed);
    expect(sent).toHaveLength(1);
    live.receive(done);
    expect(sent[1]).toMatchObject({ text: 'and more', conversationId: 'c' });
  });

  test('an answer’s end asks what is left of the budget, and so does a refusal for it', () => {
    const { live, outbox, queries, isStale } = createLive();
    queries.setQueryData(queryKeys.usage, {});
    live.receive(done);
    expect(isStale(queryKeys.usage)).toBe(true);
    queries.setQueryData(queryKeys.usage, {});
    outbox.add({ text: 'hello' });
    live.receive({ type: 'error', ref: 'id-1', code: 'budget_spent', message: 'No more.', traceId: 't' });
    expect(isStale(queryKeys.usage)).toBe(true);
  });

  test('an answer that cannot be followed is asked for from the store', () => {
    const { live, show, isStale } = createLive();
    show(finished);
    live.receive({ type: 'error', code: 'invalid_frame', message: 'No.', traceId: 't' });
    expect(isStale(queryKeys.messages('c'))).toBe(false);
    live.receive({ type: 'error', runId: 'run', code: 'not_found', message: 'Gone.', traceId: 't' });
    expect(isStale(queryKeys.messages('c'))).toBe(true);
  });

  test('an answer that begins in another window is asked for; one of this window is not', () => {
    const { live, outbox, show, isStale } = createLive();
    const started = { type: 'notice', notice: { kind: 'run_started', ...run } } as const;
    show();
    outbox.add({ text: 'hello', conversationId: 'c' });
    live.receive(started);
    expect(isStale(queryKeys.messages('c'))).toBe(false);
    outbox.settle('id-1');
    live.receive(started);
    expect(isStale(queryKeys.messages('c'))).toBe(true);
    show(finished);
    live.receive(started);
    expect(isStale(queryKeys.messages('c'))).toBe(false);
  });

  test('an answer that ended unfollowed is asked for', () => {
    const { live, answers, show, isStale } = createLive();
    const ended = { type: 'notice', notice: { kind: 'run_ended', runId: 'run', conversationId: 'c' } } as const;
    show({ ...finished, status: 'running' });
    answers.follow('run');
    live.receive(ended);
    expect(isStale(queryKeys.messages('c'))).toBe(false);
    answers.unfollow('run');
    live.receive(ended);
    expect(isStale(queryKeys.messages('c'))).toBe(true);
  });

  test('a first connection sends what waits; a later one also asks for what was missed', () => {
    const { live, outbox, sent, show, isStale } = createLive();
    outbox.add({ text: 'hello' });
    show();
    live.ready(false);
    expect(sent).toHaveLength(2);
    expect(isStale(queryKeys.messages('c'))).toBe(false);
    live.ready(true);
    expect(isStale(queryKeys.messages('c'))).toBe(true);
  });

  test('a retry shows at once in place of what failed', () => {
    const { live, show, shown } = createLive();
    show({ ...finished, id: 'failed', status: 'failed' });
    live.retried(run);
    expect(shown().map(({ id, status }) => [id, status])).toEqual([
      ['answer', 'running'],
      ['failed', 'failed'],
    ]);
  });

  test('frames of a later server are ignored', () => {
    const { live, events } = createLive();
    live.receive(JSON.parse('{"type":"weather"}'));
    live.receive(JSON.parse('{"type":"notice","notice":{"kind":"weather"}}'));
    expect(events).toEqual([]);
  });
});
