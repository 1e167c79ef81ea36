import { Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Timing } from '#contract/schedules.ts';
import { sentenceOf } from '../../api/api-error.ts';
import { clockIn, dayIn, minutesAhead, zoneWords } from '../../ui/days.ts';
import { timeZone as browserZone } from '../sign-in/time-zone.ts';
import { clockChange, momentIn } from './timing-words.ts';
import { useNextTimes } from './use-schedules.ts';

interface NextTimesProps {
  readonly timing: Timing;
  readonly timeZone: string;
  readonly isWhole: boolean;
  /** Where the person is; nothing where the browser does not know. */
  readonly ownZone?: string | undefined;
  readonly now?: Date;
}

/** When the next five stories would come, as clocks of the schedule's own zone show it. */
export function NextTimes({ timing, timeZone: chosen, isWhole, ownZone = browserZone(), now }: NextTimesProps) {
  const { t } = useTranslation('schedules');
  const { data, error, isPlaceholderData } = useNextTimes(timing, chosen, isWhole);
  // Those of the zone before stand until the others come, and mean what they meant.
  const timeZone = data?.timeZone ?? chosen;
  const times = isWhole ? (data?.times ?? []) : [];
  const isElsewhere = times.some((at) => isOtherClock(timeZone, ownZone, at));
  return (
    <section aria-labelledby="next-times" className="rounded-card bg-sunken px-4 py-3">
      <h2 id="next-times" className="font-medium">
        {t('preview.title')}
      </h2>
      <ol aria-live="polite" aria-busy={isPlaceholderData} className="mt-1 min-h-27.5 tabular-nums">
        {times.map((at, index) => (
          <Time key={at} at={at} before={times[index - 1] ?? now} {...{ timeZone, ownZone }} />
        ))}
        {error && isWhole && <li className="text-ink-soft">{sentenceOf(error)}</li>}
        {data && !error && isWhole && times.length === 0 && <li className="text-ink-soft">{t('preview.never')}</li>}
      </ol>
      {isElsewhere && <p className="text-ink-soft text-small">{t('preview.there', { zone: zoneWords(timeZone) })}</p>}
    </section>
  );
}

interface TimeProps extends Pick<NextTimesProps, 'timeZone' | 'ownZone'> {
  readonly at: string;
  /** The one before it, or now. */
  readonly before: string | Date | undefined;
}

function Time({ at, before = new Date(), timeZone, ownZone }: TimeProps) {
  const { t } = useTranslation('schedules');
  const change = clockChange(timeZone, new Date(before), new Date(at));
  return (
    <li>
      {momentIn(timeZone, at)}
      {isOtherClock(timeZone, ownZone, at) && (
        <span className="block text-ink-soft text-small sm:ms-2 sm:inline-block">
          {t('preview.here', { time: timeHere(timeZone, ownZone, at) })}
        </span>
      )}
      {change && (
        <span className="flex items-center gap-1.5 text-ink-soft text-small">
          <Clock className="size-3.5 shrink-0" aria-hidden /> {t(`preview.${change}`)}
        </span>
      )}
    </li>
  );
}

const isOtherClock = (timeZone: string, ownZone: string | undefined, at: string): boolean =>
  ownZone !== undefined && minutesAhead(timeZone, new Date(at)) !== minutesAhead(ownZone, new Date(at));

/** The time of day where the person is, with its day where that is another one. */
function timeHere(timeZone: string, ownZone: string | undefined, at: string): string {
  if (ownZone === undefined) return '';
  const moment = new Date(at);
  return dayIn(timeZone, moment) === dayIn(ownZone, moment) ? clockIn(ownZone, moment) : momentIn(ownZone, at);
}
