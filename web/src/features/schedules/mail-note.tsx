import { Mail } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { useMailsAgain } from './use-schedules.ts';

/** No schedule sends mails, since a click in one of them stopped them all. */
export function MailNote() {
  const { t } = useTranslation('schedules');
  const mails = useMailsAgain();
  return (
    <div
      role="note"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card border border-line bg-surface px-4 py-3"
    >
      <Mail className="size-4.5 shrink-0 text-ink-soft" aria-hidden />
      <p className="min-w-0 flex-1">{t('mail.stopped')}</p>
      <Button disabled={mails.isPending} onClick={() => mails.mutate()}>
        {t('mail.again')}
      </Button>
    </div>
  );
}
