import { Link } from 'react-router';
import type { Story } from '#contract/stories.ts';
import { buttonClasses } from '../../ui/button.tsx';
import { useMe } from '../chat/use-me.ts';
import { nextOf } from '../schedules/timing-words.ts';
import { useSchedules } from '../schedules/use-schedules.ts';
import { SmallCover } from './small-cover.tsx';
import { titleOf } from './story-state.ts';

/** The story of this evening, in the lamp's light; or when the next one comes. */
export function Tonight({ story }: { readonly story: Story | undefined }) {
  if (!story) return <NotYet />;
  const { id, summary, readerName, status } = story;
  return (
    <section aria-labelledby="tonight" className="rounded-card border border-line bg-surface p-4 sm:p-6">
      <div className="flex flex-col gap-4 sm:flex-row sm:items-center sm:gap-6">
        <SmallCover story={story} className="aspect-3/2 w-full rounded-card sm:w-60" />
        <div className="flex min-w-0 flex-1 flex-col items-start gap-3">
          <p className="font-medium text-lamp-strong text-small">
            {readerName ? `Tonight, for ${readerName}` : 'Tonight'}
          </p>
          <h2 id="tonight" className="font-serif text-[1.625rem] leading-8">
            {titleOf(story)}
          </h2>
          {summary && <p className="line-clamp-3 text-ink-soft">{summary}</p>}
          <Link to={`/stories/${id}`} className={buttonClasses(status === 'writing' ? 'plain' : 'lamp')}>
            {status === 'writing' ? 'Read along' : 'Read or listen'}
          </Link>
        </div>
      </div>
    </section>
  );
}

function NotYet() {
  const { data: me } = useMe();
  const { data } = useSchedules(me !== undefined && me.role !== 'guest');
  const next = nextOf(data?.items ?? [], new Date());
  return (
    <section
      aria-label="Tonight"
      className="flex flex-col items-start gap-3 rounded-card border border-line bg-surface p-6"
    >
      <h2 className="font-serif text-[1.625rem] leading-8">Tonight’s story is not written yet</h2>
      <p className="text-ink-soft">
        {next ??
          'Have one written now, or let the clock see to it: a story every evening, with a mail when it is there.'}
      </p>
      {!next && (
        <Link to="/schedules" className={buttonClasses('plain')}>
          Every evening at 19:15
        </Link>
      )}
    </section>
  );
}
