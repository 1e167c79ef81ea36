import type { Timing } from '#contract/schedules.ts';
import { sentenceOf } from '../../api/api-error.ts';
import { momentIn } from './timing-words.ts';
import { useNextTimes } from './use-schedules.ts';

interface NextTimesProps {
  readonly timing: Timing;
  readonly timeZone: string;
  readonly isWhole: boolean;
}

/** When the next five stories would come, as clocks of the schedule's own zone show it. */
export function NextTimes({ timing, timeZone, isWhole }: NextTimesProps) {
  const { data, error, isPlaceholderData } = useNextTimes(timing, timeZone, isWhole);
  const times = isWhole ? (data?.times ?? []) : [];
  return (
    <section aria-labelledby="next-times" className="rounded-card bg-sunken px-4 py-3">
      <h2 id="next-times" className="font-medium">
        The next five
      </h2>
      <ol aria-live="polite" aria-busy={isPlaceholderData} className="mt-1 min-h-27.5 tabular-nums">
        {times.map((at) => (
          <li key={at}>{momentIn(timeZone, at)}</li>
        ))}
        {error && isWhole && <li className="text-ink-soft">{sentenceOf(error)}</li>}
        {data && !error && isWhole && times.length === 0 && <li className="text-ink-soft">It never comes.</li>}
      </ol>
    </section>
  );
}
