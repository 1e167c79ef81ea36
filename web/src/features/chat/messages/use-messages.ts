import { infiniteQueryOptions, type QueryClient, useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Api } from '../../../api/http.ts';
import { useChat } from '../chat-context.ts';
import { messagesOf, queryKeys } from '../live/message-cache.ts';
import { prepareAnswers } from './message-list.tsx';
import { threadOf } from './thread.ts';

/** Conversations that were left and open again without asking the server. */
const mostKept = 5;

/** Of conversations that are not shown the last few are kept, however many were opened. */
function forgetOldest(queries: QueryClient): void {
  const left = queries.getQueryCache().findAll({ queryKey: queryKeys.allMessages, type: 'inactive' });
  const oldestFirst = left.toSorted((one, other) => one.state.dataUpdatedAt - other.state.dataUpdatedAt);
  for (const query of oldestFirst.slice(0, -mostKept)) {
    const { queryKey } = query;
    // Somebody may still hold the query (V8 does, of one, in what it knows of objects like it), but no messages then.
    query.reset();
    queries.removeQueries({ queryKey, exact: true });
    queries.removeQueries({ queryKey: queryKeys.conversation(String(queryKey[1])), type: 'inactive' });
  }
}

const messagesQuery = (api: Api, id: string) =>
  infiniteQueryOptions({
    queryKey: queryKeys.messages(id),
    queryFn: ({ pageParam, signal }) =>
      api('GET /api/conversations/:id/messages', { params: { id }, query: { cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    // The socket tells what changes, and a new connection asks again.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Asks for the newest messages of a conversation that will most likely be opened, and has its last answers read. */
export function usePreparation(): (conversationId: string) => void {
  const { api, queries } = useChat();
  return (conversationId) => {
    queries.fetchInfiniteQuery(messagesQuery(api, conversationId)).then(
      (data) => {
        forgetOldest(queries);
        prepareAnswers(threadOf(messagesOf(data)));
      },
      // Where it is opened it is asked for again, and told what went wrong.
      () => undefined,
    );
  };
}

/** The messages of a conversation, oldest first, and the answers under way in it followed while it is shown. */
export function useMessages(conversationId: string | undefined) {
  const { api, answers, queries } = useChat();
  const query = useInfiniteQuery({
    ...messagesQuery(api, conversationId ?? ''),
    enabled: conversationId !== undefined,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation means that one was left
  useEffect(() => forgetOldest(queries), [queries, conversationId]);
  const thread = useMemo(() => threadOf(messagesOf(query.data)), [query.data]);
  const running = thread.flatMap(({ status, runId }) => (status === 'running' && runId ? runId : [])).join(' ');
  useEffect(() => {
    const runIds = running.split(' ').filter(Boolean);
    for (const runId of runIds) answers.follow(runId);
    return () => {
      for (const runId of runIds) answers.unfollow(runId);
    };
  }, [answers, running]);
  return { query, thread };
}
