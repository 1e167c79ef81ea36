import i18next from 'i18next';
import { toast } from 'sonner';
import { ApiError, sentenceOf, traceIdOf } from '../api/api-error.ts';

/** Shows that an action failed: what happened, and the ID to report it by. That the session is over, the page says itself. */
export function toastError(what: string, error: unknown): void {
  if (error instanceof ApiError && error.endsSession) return;
  const traceId = traceIdOf(error);
  toast.error(what, {
    description: sentenceOf(error),
    ...(traceId
      ? {
          action: {
            label: i18next.t('ui:traceId.copyIt'),
            onClick: () => void navigator.clipboard.writeText(traceId),
          },
        }
      : {}),
  });
}
