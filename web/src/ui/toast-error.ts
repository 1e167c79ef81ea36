import i18next from 'i18next';
import { toast } from 'sonner';
import { ApiError, sentenceOf, traceIdOf } from '../api/api-error.ts';
import { writeClipboard } from './write-clipboard.ts';

/**
 * Shows that an action failed: what happened, and the ID to report it by, for as long as somebody needs to copy that. That the session is
 * over, the page says itself.
 */
export function toastError(what: string, error: unknown): void {
  if (error instanceof ApiError && error.endsSession) return;
  const traceId = traceIdOf(error);
  toast.error(what, {
    description: sentenceOf(error),
    // The same again takes its place.
    id: what,
    ...(traceId && {
      duration: Number.POSITIVE_INFINITY,
      closeButton: true,
      action: { label: i18next.t('ui:traceId.copyIt'), onClick: () => void copyTraceId(traceId) },
    }),
  });
}

async function copyTraceId(traceId: string): Promise<void> {
  try {
    await writeClipboard(traceId);
  } catch {
    toast.error(i18next.t('ui:copy.refused'), { description: traceId });
  }
}
