import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import i18next from 'i18next';
import { toast } from 'sonner';
import type { z } from 'zod';
import type { invitation, newInvitation } from '#contract/administration.ts';
import { toastError } from '../../ui/toast-error.ts';
import { useChat } from '../chat/chat-context.ts';
import { adminKeys } from './keys.ts';

export type Invitation = z.infer<typeof invitation>;

export function useInvitations() {
  const { api } = useChat();
  return useInfiniteQuery({
    queryKey: adminKeys.invitations,
    queryFn: ({ pageParam, signal }) => api('GET /api/admin/invitations', { query: { cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** Its refusal is shown beside the form, which keeps what was entered. */
export function useInvite() {
  const { api, queries } = useChat();
  return useMutation({
    mutationFn: (body: z.input<typeof newInvitation>) => api('POST /api/admin/invitations', { body }),
    onSuccess: ({ email }) => {
      toast.success(i18next.t('administration:invitations.sent', { email }));
      return queries.invalidateQueries({ queryKey: adminKeys.invitations });
    },
  });
}

export function useWithdraw() {
  const { api, queries } = useChat();
  return useMutation({
    mutationFn: (id: string) => api('DELETE /api/admin/invitations/:id', { params: { id } }),
    onSuccess: () => void toast.success(i18next.t('administration:invitations.withdrawn')),
    onError: (error) => toastError(i18next.t('administration:invitations.notWithdrawn'), error),
    // One that is gone already leaves the list too.
    onSettled: () => queries.invalidateQueries({ queryKey: adminKeys.invitations }),
  });
}
