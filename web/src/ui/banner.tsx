import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';

interface BannerProps {
  readonly text: string;
  /** Absent: it stays. */
  readonly onPutAway?: () => void;
}

/** What the operator announces, as a line above a page. */
export function Banner({ text, onPutAway }: BannerProps) {
  const { t } = useTranslation('ui');
  return (
    <div
      role="note"
      className="flex items-start gap-2 border-line border-b bg-sunken px-4 text-small md:px-6 print:hidden"
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long one scrolls, so the keyboard must reach it */}
      <p dir="auto" tabIndex={0} className="max-h-32 min-w-0 flex-1 overflow-y-auto py-2.5">
        {text}
      </p>
      {onPutAway && (
        <IconButton label={t('banner.putAway')} onClick={onPutAway} className="-me-2">
          <X className="size-4" aria-hidden />
        </IconButton>
      )}
    </div>
  );
}
