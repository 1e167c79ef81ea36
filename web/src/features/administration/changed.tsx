import { Pencil } from 'lucide-react';
import { useTranslation } from 'react-i18next';

interface ChangedProps {
  readonly isShown: boolean;
  /** What it was, in words. */
  readonly children: string;
}

/** Marks a setting that is not saved yet, with what it is until then. */
export function Changed({ isShown, children }: ChangedProps) {
  const { t } = useTranslation('administration');
  if (!isShown) return null;
  return (
    <p className="flex items-start gap-1.5 font-medium text-small text-warn tabular-nums">
      <Pencil className="mt-0.5 size-3.5 shrink-0" aria-hidden />
      {t('settings.changed', { before: children })}
    </p>
  );
}
