import { CircleStop, Star, TriangleAlert } from 'lucide-react';
import { Link } from 'react-router';
import type { Story } from '#contract/stories.ts';
import { SmallCover } from './small-cover.tsx';
import { titleOf } from './story-state.ts';

/** One story of the list. */
export function StoryRow({ story }: { readonly story: Story }) {
  const { id, summary, readerName, createdAt, favourite } = story;
  return (
    <li className="border-line border-b last:border-0">
      <Link
        to={`/stories/${id}`}
        className="-mx-3 flex items-center gap-4 rounded-card px-3 py-3 transition-colors duration-120 hover:bg-sunken"
      >
        <SmallCover story={story} className="h-14 w-21 rounded-control" />
        <div className="flex min-w-0 flex-1 flex-col gap-0.5">
          <p className="truncate font-medium font-serif text-[1.0625rem]">{titleOf(story)}</p>
          <p className="truncate text-ink-soft text-small">
            {[when(createdAt, new Date()), readerName && `for ${readerName}`, summary].filter(Boolean).join(' · ')}
          </p>
        </div>
        <State story={story} />
        {favourite && (
          <>
            <Star className="size-4 shrink-0 fill-lamp text-lamp-strong" aria-hidden />
            <span className="sr-only">Favourite</span>
          </>
        )}
      </Link>
    </li>
  );
}

const states = {
  writing: { word: 'Being written', Icon: undefined, colour: 'text-ink-soft' },
  failed: { word: 'Not told', Icon: TriangleAlert, colour: 'text-bad' },
  stopped: { word: 'Stopped', Icon: CircleStop, colour: 'text-ink-soft' },
} as const;

function State({ story: { status } }: { readonly story: Story }) {
  if (status === 'ready') return null;
  const { word, Icon, colour } = states[status];
  return (
    <span className={`flex shrink-0 items-center gap-1.5 text-small ${colour}`}>
      {Icon ? <Icon className="size-4" aria-hidden /> : <span className="caret" aria-hidden />}
      {word}
    </span>
  );
}

/** The day of a story, in words where it is near. */
function when(createdAt: string, now: Date): string {
  const at = new Date(createdAt);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (at.toDateString() === now.toDateString()) return 'Today';
  if (at.toDateString() === yesterday.toDateString()) return 'Yesterday';
  return at.toLocaleDateString('en', { day: 'numeric', month: 'long' });
}
