import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Story } from '#contract/stories.ts';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button, buttonClasses } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Page } from '../../ui/page.tsx';
import { StoryRow } from './story-row.tsx';
import { tonightOf } from './story-state.ts';
import { Tonight } from './tonight.tsx';
import { useStories } from './use-stories.ts';

/** My stories: tonight's on top, then all that are here. */
export function StoriesPage() {
  const [onlyFavourites, setOnlyFavourites] = useState(false);
  const all = useStories(false);
  const list = useStories(onlyFavourites);
  const tonight = tonightOf(all.data?.pages[0]?.items ?? [], new Date());
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const rest = onlyFavourites ? items : items.filter(({ id }) => id !== tonight?.id);
  return (
    <Page
      title="Stories"
      intro="One for every evening, to read or to hear."
      actions={
        <Link to="/stories/new" className={buttonClasses(tonight ? 'plain' : 'lamp')}>
          <Plus className="size-4" aria-hidden /> New story
        </Link>
      }
    >
      {list.error && !list.data ? (
        <ErrorNote
          title="Your stories could not be loaded"
          traceId={traceIdOf(list.error)}
          actions={<Button onClick={() => void list.refetch()}>Load them again</Button>}
        >
          {sentenceOf(list.error)}
        </ErrorNote>
      ) : (
        <>
          {all.data && <Tonight story={tonight} />}
          <section aria-labelledby="my-stories" className="flex flex-col gap-3">
            <div className="flex flex-wrap items-center justify-between gap-3">
              <h2 id="my-stories" className="font-semibold text-title">
                {tonight && !onlyFavourites ? 'Earlier' : 'Yours'}
              </h2>
              <Chip isOn={onlyFavourites} onChange={setOnlyFavourites}>
                Favourites
              </Chip>
            </div>
            <ul aria-busy={list.isPending} className="flex flex-col">
              {rest.map((story) => (
                <StoryRow key={story.id} story={story} />
              ))}
              {list.isPending && <Skeletons />}
            </ul>
            {list.data && <Nothing rest={rest} onlyFavourites={onlyFavourites} />}
            {list.hasNextPage && (
              <Button
                className="self-center"
                disabled={list.isFetchingNextPage}
                onClick={() => void list.fetchNextPage()}
              >
                Show more
              </Button>
            )}
          </section>
        </>
      )}
    </Page>
  );
}

function Nothing({ rest, onlyFavourites }: { readonly rest: readonly Story[]; readonly onlyFavourites: boolean }) {
  if (rest.length > 0) return null;
  return (
    <p className="text-ink-soft">
      {onlyFavourites
        ? 'Nothing here yet. The star on a story keeps it for as long as you like.'
        : 'Stories go after a while; favourites stay until you delete them.'}
    </p>
  );
}

const Skeletons = () =>
  [1, 2, 3].map((key) => (
    <li key={key} className="still-breathing my-2 h-16 rounded-card bg-line/50">
      <span className="sr-only">Loading</span>
    </li>
  ));
