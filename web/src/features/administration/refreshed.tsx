import { RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { IconButton } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { formatClock } from '../../ui/format.ts';

interface RefreshedProps {
  /** When the figures that are shown came, in milliseconds: told by the reader's clock, whatever zone their days are of. */
  readonly at: number;
  readonly isBusy: boolean;
  readonly onRefresh: () => void;
}

/** Of when the figures are, and that they go on being asked for. */
export function Refreshed({ at, isBusy, onRefresh }: RefreshedProps) {
  const { t } = useTranslation('administration');
  const time = formatClock(at);
  return (
    <div className="flex items-center gap-1 text-ink-soft text-small tabular-nums">
      <span>{t('overview.refreshed', { time })}</span>
      <IconButton label={t('overview.refresh')} aria-busy={isBusy} onClick={onRefresh}>
        <RefreshCw className={`size-4 ${isBusy ? 'opacity-40' : ''}`} aria-hidden />
      </IconButton>
    </div>
  );
}

/** Why the figures that are shown could not be refreshed: below them all, and in sight, so that none of them moves. */
export function StaleNote({ at, error }: Pick<RefreshedProps, 'at'> & { readonly error: Error }) {
  const { t } = useTranslation('administration');
  return (
    <div className="sticky bottom-4 z-2">
      <ErrorNote title={t('overview.stale')} traceId={traceIdOf(error)}>
        {sentenceOf(error)} {t('overview.staleKept', { time: formatClock(at) })}
      </ErrorNote>
    </div>
  );
}
