import i18next from 'i18next';
import { useState } from 'react';
import { toast } from 'sonner';
import { useEntry } from '../../api/entry-context.ts';
import { saveFile } from '../../ui/save-file.ts';
import { toastError } from '../../ui/toast-error.ts';

/** What the settings do at a click, without asking for more. */
export function useAccountActions() {
  const { session, api } = useEntry();
  const [isBusy, setBusy] = useState(false);
  const act = async (what: string, work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      toastError(what, error);
    } finally {
      setBusy(false);
    }
  };
  return {
    isBusy,
    download: () =>
      act(i18next.t('account:data.exportFailed'), async () => {
        saveFile(await api('GET /api/me/export', { as: 'file' }), 'lamplight-data.json');
        toast.success(i18next.t('account:data.exported'));
      }),
    leaveEverywhere: () =>
      act(i18next.t('account:sessions.othersFailed'), () => session.endBy(() => api('DELETE /api/me/sessions', {}))),
  };
}
