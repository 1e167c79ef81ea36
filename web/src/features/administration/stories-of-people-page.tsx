import { useInfiniteQuery } from '@tanstack/react-query';
import { Info } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { FollowUpState, StoryOverview } from '#contract/stories.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatMoment } from '../../ui/format.ts';
import { useChat } from '../chat/chat-context.ts';
import { AdminPage } from './admin-page.tsx';
import { adminKeys } from './keys.ts';
import { ListEnd } from './list-end.tsx';
import { LoadError } from './load-error.tsx';
import { PersonFilter } from './person-filter.tsx';

/** How the stories of all, or of one person, came out. To read one leaves an entry in the audit log, which is said here first. */
export function StoriesOfPeoplePage() {
  const { t } = useTranslation('administration');
  const [query, setQuery] = useSearchParams();
  const personId = query.get('person') ?? undefined;
  const list = useStoriesOf(personId);
  const stories = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <AdminPage title={t('places.stories')} intro={t('stories.intro')}>
      <div role="note" className="flex gap-3 rounded-card border border-line bg-surface px-4 py-3">
        <Info className="mt-0.5 size-4.5 shrink-0 text-lamp-strong" aria-hidden />
        <div>
          <p className="font-medium">{t('stories.recorded')}</p>
          <p className="text-ink-soft">{t('stories.recordedHint')}</p>
        </div>
      </div>
      <PersonFilter personId={personId} onChange={(person) => setQuery(person ? { person } : {}, { replace: true })} />
      {list.error && !list.data ? (
        <LoadError title={t('stories.failed')} error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data && stories.length === 0 ? (
        <EmptyState title={t('stories.none')}>{t('stories.noneHint')}</EmptyState>
      ) : (
        <Table stories={stories} awaited={list.data ? 0 : 6} />
      )}
      <ListEnd list={list} count={stories.length} />
    </AdminPage>
  );
}

function Table({ stories, awaited }: { readonly stories: readonly StoryOverview[]; readonly awaited: number }) {
  const { t } = useTranslation('administration');
  const followUp = (name: 'picture' | 'mail', state: (story: StoryOverview) => FollowUpState) => ({
    key: name,
    name: t(`stories.${name}`),
    cell: (story: StoryOverview) => t(`followUps.${state(story)}`),
  });
  return (
    <DataTable
      caption={t('stories.list')}
      rows={stories}
      keyOf={({ id }) => id}
      awaited={awaited}
      columns={[
        {
          key: 'story',
          name: t('stories.story'),
          cell: ({ id, title, language }) => (
            <Link to={`/admin/stories/${id}`} className="text-lamp-strong underline underline-offset-3">
              {title ? (
                <span lang={language} dir="auto">
                  {title}
                </span>
              ) : (
                t('stories.untitled')
              )}
            </Link>
          ),
        },
        {
          key: 'person',
          name: t('stories.person'),
          cell: ({ person }) => (
            <Link to={`/admin/people/${person.id}`} className="underline underline-offset-3">
              {person.name}
            </Link>
          ),
        },
        {
          key: 'state',
          name: t('stories.state'),
          cell: ({ status, error }) => (
            <span className="flex min-w-24 flex-col">
              {t(`storyStates.${status}`)}
              {error && (
                <span className="text-bad text-small">
                  {t(`ui:errors.${error.code}`, { defaultValue: error.message })}
                </span>
              )}
            </span>
          ),
        },
        followUp('picture', ({ picture }) => picture.state),
        { ...followUp('mail', ({ narration }) => narration.state), key: 'voice', name: t('stories.voice') },
        followUp('mail', ({ mail }) => mail.state),
        { key: 'moderation', name: t('stories.moderation'), cell: ({ moderation }) => t(`moderation.${moderation}`) },
        { key: 'created', name: t('stories.created'), isLine: true, cell: ({ createdAt }) => formatMoment(createdAt) },
      ]}
    />
  );
}

function useStoriesOf(personId: string | undefined) {
  const { api } = useChat();
  return useInfiniteQuery({
    queryKey: [...adminKeys.stories, personId],
    queryFn: ({ pageParam, signal }) =>
      api('GET /api/admin/stories', { query: { personId, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  });
}
