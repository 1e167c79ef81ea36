import { Ban } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** That somebody cannot sign in, by sign and word. */
export function DisabledMark() {
  const { t } = useTranslation('administration');
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap text-bad text-small">
      <Ban className="size-3.5" aria-hidden /> {t('access.isDisabled')}
    </span>
  );
}
