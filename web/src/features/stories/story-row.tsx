import i18next from 'i18next';
import { CircleStop, Star, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Story } from '#contract/stories.ts';
import { addDays, dayIn, dayWords } from '../../ui/days.ts';
import { SmallCover } from './small-cover.tsx';
import { titleOf } from './story-state.ts';

interface StoryRowProps {
  readonly story: Story;
  /** Whose days count; the browser's own where it is not known yet. */
  readonly timeZone: string | undefined;
}

/** One story of the list. */
export function StoryRow({ story, timeZone }: StoryRowProps) {
  const { t } = useTranslation('stories');
  const { id, summary, readerName, createdAt, favourite } = story;
  const about = [when(createdAt, new Date(), timeZone), readerName && t('row.for', { reader: readerName })].filter(
    Boolean,
  );
  return (
    <li className="border-line border-b last:border-0">
      <Link
        to={`/stories/${id}`}
        className="-mx-3 flex items-center gap-4 rounded-card px-3 py-3 transition-colors duration-120 hover:bg-sunken"
      >
        <SmallCover story={story} className="h-14 w-21 rounded-control" />
        <div className="flex min-w-0 flex-1 flex-col gap-0.5">
          {/* Of another direction than the page, both are cut off at their own end. */}
          <p dir="auto" className="max-w-full self-start truncate font-medium font-serif text-field">
            {titleOf(story)}
          </p>
          <p className="flex gap-1 text-ink-soft text-small">
            <span className="max-w-3/5 shrink-0 truncate">{about.join(' · ')}</span>
            {summary && (
              <>
                ·{' '}
                <span dir="auto" className="truncate">
                  {summary}
                </span>
              </>
            )}
          </p>
        </div>
        <State story={story} />
        {favourite && (
          <>
            <Star className="size-4 shrink-0 fill-lamp text-lamp-strong" aria-hidden />
            <span className="sr-only">{t('row.favourite')}</span>
          </>
        )}
      </Link>
    </li>
  );
}

const states = {
  writing: { Icon: undefined, colour: 'text-ink-soft' },
  failed: { Icon: TriangleAlert, colour: 'text-bad' },
  stopped: { Icon: CircleStop, colour: 'text-ink-soft' },
} as const;

function State({ story: { status } }: { readonly story: Story }) {
  const { t } = useTranslation('stories');
  if (status === 'ready') return null;
  const { Icon, colour } = states[status];
  return (
    <span className={`flex shrink-0 items-center gap-1.5 text-small ${colour}`}>
      {Icon ? <Icon className="size-4" aria-hidden /> : <span className="caret" aria-hidden />}
      {t(`row.${status}`)}
    </span>
  );
}

/** The day of a story, in words where it is near. */
function when(createdAt: string, now: Date, timeZone: string | undefined): string {
  const at = new Date(createdAt);
  const day = dayIn(timeZone, at);
  if (day === dayIn(timeZone, now)) return i18next.t('stories:row.today');
  if (day === addDays(dayIn(timeZone, now), -1)) return i18next.t('stories:row.yesterday');
  return dayWords(timeZone, at, false);
}
