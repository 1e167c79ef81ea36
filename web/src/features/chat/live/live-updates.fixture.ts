import { QueryClient } from '@tanstack/react-query';
import type { RunEvent } from '#contract/chat.ts';
import type { Message } from '#contract/conversations.ts';
import type { ClientFrame } from '#contract/socket.ts';
import { Answers } from '../../../api/answers.ts';
import { Outbox } from '../../../api/outbox.ts';
import type { After } from '../../../api/timers.ts';
import { type ChatEvent, LiveUpdates } from './live-updates.ts';
import { type Conversations, type Messages, messagesOf, queryKeys } from './message-cache.ts';

const createdAt = '2026-01-01T00:00:00.000Z';
export const run: RunEvent = {
  runId: 'run',
  conversationId: 'c',
  messageId: 'answer',
  userMessageId: 'question',
  clientMessageId: 'id-1',
  model: 'demo',
  status: 'running',
};
export const finished: Message = {
  id: 'answer',
  conversationId: 'c',
  parentId: 'question',
  role: 'assistant',
  status: 'complete',
  text: 'the answer',
  runId: 'run',
  createdAt,
};

/** What brings frames into caches, and what can be seen of it. */
export function createLive(ids: string[] = []) {
  const sent: ClientFrame[] = [];
  const events: ChatEvent[] = [];
  const queries = new QueryClient();
  const timers: (() => void)[] = [];
  const after: After = (_, callback) => {
    timers.push(callback);
    return () => {};
  };
  const send = (frame: ClientFrame) => sent.push(frame) > 0;
  const answers = new Answers({ send, beforePaint: (callback) => callback(), after, random: () => 1 });
  const outbox = new Outbox({ storage: localStorage, owner: 'ada', send, newId: () => ids.shift() ?? 'id-1', after });
  const live = new LiveUpdates({ queries, answers, outbox, now: () => new Date(createdAt) });
  live.listen((event) => events.push(event));
  const show = (...items: Message[]) =>
    queries.setQueryData<Messages>(queryKeys.messages('c'), { pages: [{ items }], pageParams: [undefined] });
  const list = (...titles: string[]) =>
    queries.setQueryData<Conversations>(queryKeys.conversationList(''), {
      pages: [{ items: titles.map((title) => ({ id: title, title, createdAt, updatedAt: createdAt })) }],
      pageParams: [undefined],
    });
  const shown = () => messagesOf(queries.getQueryData<Messages>(queryKeys.messages('c')));
  const titles = () =>
    queries
      .getQueryData<Conversations>(queryKeys.conversationList(''))
      ?.pages.flatMap(({ items }) => items.map(({ title }) => title));
  const isStale = (key: readonly string[]) => queries.getQueryState(key)?.isInvalidated;
  return { queries, answers, outbox, live, sent, events, show, list, shown, titles, timers, isStale };
}

export const confirmed = { type: 'run', ref: 'id-1', traceId: 't', ...run } as const;
export const done = { type: 'done', runId: 'run', at: '1-18446744073709551615', message: finished } as const;
