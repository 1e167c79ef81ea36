import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import { toast } from 'sonner';
import type { Conversation } from '#contract/conversations.ts';
import { toastError } from '../../../ui/toast-error.ts';
import { useChat } from '../chat-context.ts';
import { type Conversations, queryKeys } from '../live/message-cache.ts';

/** Conversations to a page: more than a tall screen has room for, which one request fills. */
const pageLength = 50;

/** My conversations, the latest first, by pages; `q` filters by words of the title. */
export function useConversations(q: string) {
  const { api } = useChat();
  return useInfiniteQuery({
    queryKey: queryKeys.conversationList(q),
    queryFn: ({ pageParam, signal }) =>
      api('GET /api/conversations', { query: { q, cursor: pageParam, limit: pageLength }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useConversation(id: string | undefined) {
  const { api, queries } = useChat();
  return useQuery({
    queryKey: queryKeys.conversation(id ?? ''),
    placeholderData: () =>
      queries
        .getQueriesData<Conversations>({ queryKey: queryKeys.conversations })
        .flatMap(([, list]) => list?.pages.flatMap(({ items }) => items) ?? [])
        .find((listed) => listed.id === id),
    queryFn: ({ signal }) => api('GET /api/conversations/:id', { params: { id: id ?? '' }, signal }),
    enabled: id !== undefined,
  });
}

type Renaming = Pick<Conversation, 'id' | 'title'> & { readonly old: string };

/** The new title shows at once; where it is refused, the old one is back. */
export function useRenameConversation() {
  const { api, live } = useChat();
  return useMutation({
    mutationFn: ({ id, title }: Renaming) => api('PATCH /api/conversations/:id', { params: { id }, body: { title } }),
    onMutate: ({ id, title }) => live.renaming(id, title),
    onSuccess: ({ id, title }) => {
      live.renamed(id, title);
      toast.success(i18next.t('chat:conversation.renamed'));
    },
    onError: (error, { id, old }) => {
      live.renamed(id, old);
      toastError(i18next.t('chat:conversation.notRenamed'), error);
    },
  });
}

/** It leaves the list at once; where that is refused, the list is asked for again. */
export function useDeleteConversation() {
  const { api, drafts, live } = useChat();
  return useMutation({
    mutationFn: (id: string) => api('DELETE /api/conversations/:id', { params: { id } }),
    onMutate: (id) => live.deleting(id),
    onSuccess: (_, id) => {
      live.deleted(id);
      drafts.set(id, '');
      toast.success(i18next.t('chat:conversation.deleted'));
    },
    onError: (error, id) => {
      live.notDeleted(id);
      toastError(i18next.t('chat:conversation.notDeleted'), error);
    },
  });
}
