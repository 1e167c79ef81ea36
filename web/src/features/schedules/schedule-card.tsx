import type { TFunction } from 'i18next';
import { CircleAlert, Pause, Pencil, Play, SkipForward, Sparkles, Trash2, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { Schedule } from '#contract/schedules.ts';
import { sentenceFor } from '../../api/api-error.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { zoneWords } from '../../ui/days.ts';
import { formatNumber } from '../../ui/format.ts';
import { isToday, momentIn, soonIn, timingWords } from './timing-words.ts';
import { useScheduleActions } from './use-schedules.ts';

interface ScheduleCardProps {
  readonly schedule: Schedule;
  readonly onEdit: () => void;
}

/** One schedule: when, for whom, what came of it last, and what can be done. */
export function ScheduleCard({ schedule, onEdit }: ScheduleCardProps) {
  const { t } = useTranslation('schedules');
  const { name, timing, timeZone, settings, paused, nextAt, skipped, mail } = schedule;
  const navigate = useNavigate();
  const { pause, skip, run, remove } = useScheduleActions(schedule);
  const [isDeleting, setDeleting] = useState(false);
  const now = new Date();
  return (
    <li className="flex flex-col gap-4 rounded-card border border-line bg-surface p-4 sm:p-5">
      <div className="flex items-start gap-2">
        <div className="flex min-w-0 flex-1 flex-col gap-0.5">
          <h2 className="font-semibold text-title">{name}</h2>
          <p className="text-ink-soft">
            {timingWords(timing)} <span className="text-small">({zoneWords(timeZone)})</span>
          </p>
          <p className="text-ink-soft text-small">
            {t(mail ? 'card.tellingMailed' : 'card.telling', {
              count: settings.minutes,
              age: formatNumber(settings.readerAge),
            })}
          </p>
        </div>
        <IconButton label={t('card.edit', { name })} onClick={onEdit}>
          <Pencil className="size-4" aria-hidden />
        </IconButton>
        <IconButton label={t('card.delete', { name })} onClick={() => setDeleting(true)}>
          <Trash2 className="size-4" aria-hidden />
        </IconButton>
      </div>
      <div className="flex flex-col gap-1">
        <p className="font-medium">{coming(t, schedule, now)}</p>
        <Last schedule={schedule} />
      </div>
      <div className="flex flex-wrap gap-2">
        <Button
          disabled={run.isPending}
          onClick={() => run.mutate(undefined, { onSuccess: ({ id }) => void navigate(`/stories/${id}`) })}
        >
          <Sparkles className="size-4" aria-hidden /> {t('card.writeNow')}
        </Button>
        {!paused && skipped === undefined && nextAt !== undefined && (
          <Button look="quiet" disabled={skip.isPending} onClick={() => skip.mutate(true)}>
            <SkipForward className="size-4" aria-hidden />{' '}
            {t(isToday(timeZone, nextAt, now) ? 'card.skipTonight' : 'card.skipNext')}
          </Button>
        )}
        {!paused && skipped !== undefined && (
          <Button look="quiet" disabled={skip.isPending} onClick={() => skip.mutate(false)}>
            <Undo2 className="size-4" aria-hidden /> {t('card.unskip')}
          </Button>
        )}
        <Button look="quiet" disabled={pause.isPending} onClick={() => pause.mutate(!paused)}>
          {paused ? <Play className="size-4" aria-hidden /> : <Pause className="size-4" aria-hidden />}
          {t(paused ? 'card.resume' : 'card.pause')}
        </Button>
      </div>
      {isDeleting && (
        <ConfirmDialog
          question={t('card.deleteQuestion')}
          verb={t('card.deleteVerb')}
          onClose={() => setDeleting(false)}
          onConfirm={() => {
            setDeleting(false);
            remove.mutate();
          }}
        >
          {t('card.deleteWhat', { name })}
        </ConfirmDialog>
      )}
    </li>
  );
}

type Words = TFunction<'schedules'>;

function coming(t: Words, { paused, skipped, nextAt, timeZone }: Schedule, now: Date): string {
  if (paused) return t('card.paused');
  const isNextLeftOut = nextAt === undefined || nextAt === skipped;
  if (skipped !== undefined) {
    const when = soonIn(timeZone, skipped, now);
    return isNextLeftOut
      ? t('card.leftOut', { when })
      : t('card.leftOutNext', { when, next: soonIn(timeZone, nextAt, now) });
  }
  return isNextLeftOut ? t('card.never') : t('card.next', { when: soonIn(timeZone, nextAt, now) });
}

/** What came of the last one, and the story itself. */
function Last({ schedule: { last, timeZone } }: { readonly schedule: Schedule }) {
  const { t } = useTranslation('schedules');
  if (!last) return <p className="text-ink-soft text-small">{t('card.none')}</p>;
  const at = momentIn(timeZone, last.at);
  if (last.outcome === 'begun') {
    return (
      <p className="text-ink-soft text-small">
        {t('card.last')}{' '}
        {last.storyId === undefined ? (
          at
        ) : (
          <Link to={`/stories/${last.storyId}`} className="font-medium text-lamp-strong underline underline-offset-3">
            {at}
          </Link>
        )}
      </p>
    );
  }
  return (
    <p className="flex items-start gap-1.5 text-small text-warn">
      <CircleAlert className="mt-0.5 size-3.5 shrink-0" aria-hidden />
      {last.outcome === 'late'
        ? t('card.late', { when: at })
        : t('card.refused', { when: at, reason: last.error ? sentenceFor(last.error) : '' })}
    </p>
  );
}
