import i18next from 'i18next';
import { useState } from 'react';
import { toast } from 'sonner';
import type { z } from 'zod';
import type { Language, me } from '#contract/accounts.ts';
import { useEntry, useSessionState } from '../../api/entry-context.ts';
import { toastError } from '../../ui/toast-error.ts';
import { changeLanguage } from './start-language.ts';

/** Changes the language of the page at once, and that of the account of whoever is signed in, which mails are written in. */
export function useLanguageChange(onSaved?: (saved: z.infer<typeof me>) => void) {
  const entry = useEntry();
  const isSignedIn = useSessionState(entry).kind === 'active';
  const [isBusy, setBusy] = useState(false);
  const change = async (language: Language) => {
    if (isBusy) return;
    setBusy(true);
    try {
      if (!(await speak(language)) || !isSignedIn) return;
      const saved = await entry.api('PATCH /api/me', { body: { language } });
      onSaved?.(saved);
    } catch (error) {
      toastError(i18next.t('language:choice.notSaved'), error);
    } finally {
      setBusy(false);
    }
  };
  return { change, isBusy };
}

/** Changes the page's language; where its texts cannot be loaded, a toast says so and the page stays as it is. */
export async function speak(...choice: Parameters<typeof changeLanguage>): Promise<boolean> {
  try {
    await changeLanguage(...choice);
    return true;
  } catch {
    toast.error(i18next.t('language:choice.failed'), { description: i18next.t('language:choice.unreachable') });
    return false;
  }
}
