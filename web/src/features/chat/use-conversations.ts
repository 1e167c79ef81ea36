import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { toast } from 'sonner';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { useChat } from './chat-context.ts';
import { queryKeys } from './message-cache.ts';

/** Shows that an action failed: what happened, and the ID to report it by. */
export function toastError(what: string, error: unknown): void {
  const traceId = traceIdOf(error);
  toast.error(what, {
    description: sentenceOf(error),
    ...(traceId
      ? { action: { label: 'Copy trace ID', onClick: () => void navigator.clipboard.writeText(traceId) } }
      : {}),
  });
}

/** My conversations, the latest first, by pages; `q` filters by words of the title. */
export function useConversations(q: string) {
  const { api } = useChat();
  return useInfiniteQuery({
    queryKey: queryKeys.conversationList(q),
    queryFn: ({ pageParam, signal }) => api('GET /api/conversations', { query: { q, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useConversation(id: string | undefined) {
  const { api } = useChat();
  return useQuery({
    queryKey: queryKeys.conversation(id ?? ''),
    queryFn: ({ signal }) => api('GET /api/conversations/:id', { params: { id: id ?? '' }, signal }),
    enabled: id !== undefined,
  });
}

export function useRenameConversation() {
  const { api, live } = useChat();
  return useMutation({
    mutationFn: ({ id, title }: { readonly id: string; readonly title: string }) =>
      api('PATCH /api/conversations/:id', { params: { id }, body: { title } }),
    onSuccess: ({ id, title }) => live.renamed(id, title),
    onError: (error) => toastError('The conversation keeps its old title', error),
  });
}

export function useDeleteConversation() {
  const { api, drafts, live } = useChat();
  return useMutation({
    mutationFn: (id: string) => api('DELETE /api/conversations/:id', { params: { id } }),
    onSuccess: (_, id) => {
      drafts.set(id, '');
      live.removed(id);
    },
    onError: (error) => toastError('The conversation was not deleted', error),
  });
}
