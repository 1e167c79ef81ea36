import { useMutation } from '@tanstack/react-query';
import i18next from 'i18next';
import { toastError } from '../../ui/toast-error.ts';
import { useChat } from './chat-context.ts';

/** Stops what is being written; what there is of it is kept. `refusal` says that it was not stopped. */
export function useStop(refusal = i18next.t('chat:composer.notStopped')) {
  const { api } = useChat();
  return useMutation({
    mutationFn: (runId: string) => api('POST /api/runs/:id/stop', { params: { id: runId } }),
    onError: (error) => toastError(refusal, error),
  });
}

/** Asks for another answer in place of one that failed, was interrupted or was stopped. */
export function useRetry() {
  const { api, live } = useChat();
  return useMutation({
    mutationFn: (messageId: string) => api('POST /api/messages/:id/retry', { params: { id: messageId } }),
    onSuccess: (run) => live.retried(run),
    onError: (error) => toastError(i18next.t('chat:composer.noNewAnswer'), error),
  });
}
