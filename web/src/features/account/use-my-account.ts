import { useMutation, useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import { toast } from 'sonner';
import type { z } from 'zod';
import type { me, meChange, session } from '#contract/accounts.ts';
import { ApiError } from '../../api/api-error.ts';
import { toastError } from '../../ui/toast-error.ts';
import { useChat } from '../chat/chat-context.ts';
import { queryKeys } from '../chat/live/message-cache.ts';

export type Me = z.infer<typeof me>;
export type DeviceSession = z.infer<typeof session>;

const keys = { sessions: ['sessions'], apiKeys: ['api-keys'], usage: ['my-usage'] } as const;

/** Changes something of the account at once, and says how that went: `saved`, or `failed` with the reason. */
export function useChangeMe(said: { readonly saved: string; readonly failed: string }) {
  const { api, queries } = useChat();
  return useMutation({
    mutationFn: (change: z.input<typeof meChange>) => api('PATCH /api/me', { body: change }),
    onSuccess: (changed) => {
      queries.setQueryData(queryKeys.me, changed);
      toast.success(said.saved);
    },
    onError: (error) => toastError(said.failed, error),
  });
}

/** Where I am signed in, as of when this is shown. */
export function useSessions() {
  const { api } = useChat();
  return useQuery({
    queryKey: keys.sessions,
    queryFn: ({ signal }) => api('GET /api/me/sessions', { signal }),
    staleTime: 0,
  });
}

/** Ends sessions elsewhere, one or more. One that ended meanwhile is no failure. */
export function useEndSessions(said: { readonly ended: string; readonly failed: string }) {
  const { api, queries } = useChat();
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids) {
        await api('DELETE /api/me/sessions/:id', { params: { id } }).catch((error: unknown) => {
          if (!(error instanceof ApiError && error.code === 'not_found')) throw error;
        });
      }
    },
    onSuccess: () => toast.success(said.ended),
    onError: (error) => toastError(said.failed, error),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.sessions }),
  });
}

/** After a password was changed, the other sessions are over. */
export function useForgetSessions(): () => void {
  const { queries } = useChat();
  return () => void queries.invalidateQueries({ queryKey: keys.sessions });
}

/** Guests have none, and are not asked about. */
export function useApiKeys({ enabled = true } = {}) {
  const { api } = useChat();
  return useQuery({ queryKey: keys.apiKeys, queryFn: ({ signal }) => api('GET /api/keys', { signal }), enabled });
}

/** The list is asked for again, since a key was made. */
export function useForgetApiKeys(): () => void {
  const { queries } = useChat();
  return () => void queries.invalidateQueries({ queryKey: keys.apiKeys });
}

export function useEndApiKey() {
  const { api, queries } = useChat();
  return useMutation({
    mutationFn: ({ id }: { readonly id: string; readonly name: string }) =>
      api('DELETE /api/keys/:id', { params: { id } }),
    onSuccess: (_, { name }) => toast.success(i18next.t('account:keys.ended', { name })),
    onError: (error) => toastError(i18next.t('account:keys.endFailed'), error),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.apiKeys }),
  });
}

/** What I have left today, as of when this is shown. */
export function useMyUsage() {
  const { api } = useChat();
  return useQuery({
    queryKey: keys.usage,
    queryFn: ({ signal }) => api('GET /api/me/usage', { signal }),
    staleTime: 0,
  });
}
