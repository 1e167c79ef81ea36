import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { useChat } from './chat-context.ts';
import { messagesOf, queryKeys } from './message-cache.ts';
import { threadOf } from './thread.ts';

/** The messages of a conversation, oldest first, and the answers under way in it followed while it is shown. */
export function useMessages(conversationId: string | undefined) {
  const { api, answers } = useChat();
  const query = useInfiniteQuery({
    queryKey: queryKeys.messages(conversationId ?? ''),
    queryFn: ({ pageParam, signal }) =>
      api('GET /api/conversations/:id/messages', {
        params: { id: conversationId ?? '' },
        query: { cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    enabled: conversationId !== undefined,
    // The socket tells what changes, and a new connection asks again.
    staleTime: Number.POSITIVE_INFINITY,
  });
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
