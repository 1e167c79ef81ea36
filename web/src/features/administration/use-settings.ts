import { useMutation, useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import { toast } from 'sonner';
import { useChat } from '../chat/chat-context.ts';
import { queryKeys } from '../chat/live/message-cache.ts';
import { useSignInOptions } from '../sign-in/sign-in-options.ts';
import { adminKeys } from './keys.ts';
import type { SettingsChange } from './settings-draft.ts';

export function useSettings() {
  const { api } = useChat();
  return useQuery({
    queryKey: adminKeys.settings,
    queryFn: ({ signal }) => api('GET /api/admin/settings', { signal }),
  });
}

/** Saves what was changed; the banner and the models that this page shows follow. */
export function useChangeSettings() {
  const { api, queries } = useChat();
  const options = useSignInOptions();
  return useMutation({
    mutationFn: (change: SettingsChange) => api('PATCH /api/admin/settings', { body: change }),
    onSuccess: (settings) => {
      queries.setQueryData(adminKeys.settings, settings);
      void queries.invalidateQueries({ queryKey: queryKeys.models });
      options.again();
      toast.success(i18next.t('administration:settings.saved'));
    },
  });
}

export function useModels() {
  const { api } = useChat();
  return useQuery({ queryKey: queryKeys.models, queryFn: ({ signal }) => api('GET /api/models', { signal }) });
}
