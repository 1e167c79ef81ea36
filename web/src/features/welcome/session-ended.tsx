import { Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Holder } from '../../api/session.ts';

export function SessionEnded({ holder }: { readonly holder: Holder }) {
  const { t } = useTranslation('welcome');
  return (
    <div role="alert" className="flex gap-3 rounded-card border border-line bg-surface px-4 py-3">
      <Clock className="mt-0.5 size-4.5 shrink-0 text-warn" aria-hidden />
      <div className="flex flex-col gap-1">
        <p className="font-medium">{t('ended.title')}</p>
        <p className="text-ink-soft">{t(`ended.${holder}`)}</p>
      </div>
    </div>
  );
}
