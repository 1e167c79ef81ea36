import { RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { IconButton } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { formatClock } from '../../ui/format.ts';

interface RefreshedProps {
  /** When the figures that are shown came, in milliseconds. */
  readonly at: number;
  /** Why they could not be refreshed since. */
  readonly error: Error | null;
  readonly isBusy: boolean;
  readonly timeZone: string;
  readonly onRefresh: () => void;
}

/** Of when the figures are, and that they go on being asked for. */
export function Refreshed({ at, error, isBusy, timeZone, onRefresh }: RefreshedProps) {
  const { t } = useTranslation('administration');
  const time = formatClock(at, timeZone);
  return (
    <>
      <div className="flex items-center gap-1 text-ink-soft text-small tabular-nums">
        <span>{t('overview.refreshed', { time })}</span>
        <IconButton label={t('overview.refresh')} aria-busy={isBusy} onClick={onRefresh}>
          <RefreshCw className={`size-4 ${isBusy ? 'opacity-40' : ''}`} aria-hidden />
        </IconButton>
      </div>
      {error && (
        <div className="basis-full">
          <ErrorNote title={t('overview.stale')} traceId={traceIdOf(error)}>
            {sentenceOf(error)} {t('overview.staleKept', { time })}
          </ErrorNote>
        </div>
      )}
    </>
  );
}
