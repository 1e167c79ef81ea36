import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button, buttonClasses } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useMe } from '../chat/use-me.ts';
import { LibraryTabs } from '../library/library-tabs.tsx';
import { StoryList } from './story-list.tsx';
import { tonightOf } from './story-state.ts';
import { Tonight } from './tonight.tsx';
import { useStories } from './use-stories.ts';

/** My stories: tonight's on top, then all that are here. */
export function StoriesPage() {
  const { t } = useTranslation('stories');
  const [search, setSearch] = useSearchParams();
  const onlyFavourites = search.has('favourites');
  const zone = useMe().data?.timeZone;
  const all = useStories(false);
  const list = useStories(onlyFavourites);
  const tonight = tonightOf(all.data?.pages[0]?.items ?? [], new Date(), zone);
  return (
    <Page
      title={t('page.title')}
      intro={t('page.intro')}
      actions={
        <Link to="/stories/new" className={buttonClasses(tonight ? 'plain' : 'lamp')}>
          <Plus className="size-4" aria-hidden /> {t('page.new')}
        </Link>
      }
    >
      <LibraryTabs />
      {list.error && !list.data ? (
        <ErrorNote
          title={t('page.notLoaded')}
          traceId={traceIdOf(list.error)}
          actions={<Button onClick={() => void list.refetch()}>{t('page.loadThem')}</Button>}
        >
          {sentenceOf(list.error)}
        </ErrorNote>
      ) : (
        <>
          {all.isPending && <Skeleton className="h-135 @xl:h-78" />}
          {all.data && <Tonight story={tonight} refetch={() => void all.refetch()} />}
          <StoryList
            list={list}
            leftOut={onlyFavourites ? undefined : tonight?.id}
            onlyFavourites={onlyFavourites}
            onOnlyFavourites={(isOn) => setSearch(isOn ? { favourites: '' } : {}, { replace: true })}
            timeZone={zone}
          />
        </>
      )}
    </Page>
  );
}
