import { useTranslation } from 'react-i18next';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useNear } from '../chat/use-near.ts';
import { StoryRow } from './story-row.tsx';
import type { useStories } from './use-stories.ts';

interface StoryListProps {
  readonly list: ReturnType<typeof useStories>;
  /** Stands above the list already. */
  readonly leftOut: string | undefined;
  readonly onlyFavourites: boolean;
  readonly onOnlyFavourites: (isOn: boolean) => void;
  readonly timeZone: string | undefined;
}

/** The stories that are here, all or the favourites, the latest first. More come as one nears the end. */
export function StoryList({ list, leftOut, onlyFavourites, onOnlyFavourites, timeZone }: StoryListProps) {
  const { t } = useTranslation('stories');
  const items = list.data?.pages.flatMap((page) => page.items).filter(({ id }) => id !== leftOut) ?? [];
  const more = () => void list.fetchNextPage();
  const isMore = list.hasNextPage && !list.isFetchingNextPage && !list.isFetchNextPageError;
  const end = useNear(more, isMore, list.data);
  return (
    <section aria-labelledby="my-stories" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="my-stories" className="font-semibold text-title">
          {t(leftOut === undefined ? 'page.yours' : 'page.earlier')}
        </h2>
        <Chip isOn={onlyFavourites} onChange={onOnlyFavourites}>
          {t('page.favourites')}
        </Chip>
      </div>
      <ul aria-busy={list.isPending || list.isFetchingNextPage} className="flex flex-col">
        {items.map((story) => (
          <StoryRow key={story.id} story={story} timeZone={timeZone} />
        ))}
        {(list.isPending || list.isFetchingNextPage) && <Skeletons />}
      </ul>
      {list.data && items.length === 0 && (
        <p className="text-ink-soft">{t(onlyFavourites ? 'page.noFavourites' : 'page.howLong')}</p>
      )}
      {list.isFetchNextPageError && (
        <ErrorNote
          title={t('page.moreNotLoaded')}
          traceId={traceIdOf(list.error)}
          actions={<Button onClick={more}>{t('page.loadThem')}</Button>}
        >
          {sentenceOf(list.error)}
        </ErrorNote>
      )}
      <div ref={end} className="flex justify-center">
        {isMore && <Button onClick={more}>{t('page.more')}</Button>}
      </div>
    </section>
  );
}

function Skeletons() {
  const { t } = useTranslation('stories');
  return [1, 2, 3].map((key) => (
    <li key={key} className="still-breathing my-2 h-16 rounded-card bg-line/50">
      <span className="sr-only">{t('loading')}</span>
    </li>
  ));
}
