import i18next from 'i18next';
import { toast } from 'sonner';
import type { Message } from '#contract/conversations.ts';
import { writeClipboard } from '../../../ui/write-clipboard.ts';

/** Copies the latest answer that says something, and tells how that went. */
export async function copyLast(thread: readonly Message[]): Promise<void> {
  const answer = thread.findLast(({ role, text }) => role === 'assistant' && text !== '');
  if (!answer) {
    toast(i18next.t('chat:conversation.nothingToCopy'));
    return;
  }
  try {
    await writeClipboard(answer.text);
    toast.success(i18next.t('chat:conversation.copied'));
  } catch {
    toast.error(i18next.t('ui:copy.refused'));
  }
}
