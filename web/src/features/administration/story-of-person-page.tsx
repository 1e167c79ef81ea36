import { useQuery } from '@tanstack/react-query';
import { Info } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { StoryOfPerson } from '#contract/stories.ts';
import { ApiError, traceIdOf } from '../../api/api-error.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { useChat } from '../chat/chat-context.ts';
import { StoryReading } from '../stories/story-reading.tsx';
import { BackLink } from './back-link.tsx';
import { adminKeys } from './keys.ts';
import { LoadError } from './load-error.tsx';

/** A story of somebody, whole. */
export function StoryOfPersonPage() {
  const { t } = useTranslation('administration');
  const { storyId = '' } = useParams();
  const { data: story, error, refetch } = useStoryOfPerson(storyId);
  useTitle(story?.title ?? t('places.stories'));
  const isMissing = error instanceof ApiError && error.code === 'not_found';
  return (
    <>
      <BackLink to="/admin/stories" name={t('stories.back')} />
      {!story && !error && <Skeleton className="h-128" />}
      {error && !isMissing && <LoadError title={t('stories.notOpened')} error={error} onRetry={() => void refetch()} />}
      {isMissing && (
        <ErrorNote title={t('stories.missing')} traceId={traceIdOf(error)}>
          {t('stories.missingHint')}
        </ErrorNote>
      )}
      {story && <Opened story={story} />}
    </>
  );
}

function Opened({ story }: { readonly story: StoryOfPerson }) {
  const { t } = useTranslation('administration');
  const { id, name } = story.person;
  return (
    <>
      <p role="note" className="flex gap-2 text-ink-soft text-small">
        <Info className="mt-0.5 size-3.5 shrink-0" aria-hidden />
        <Link to={`/admin/people/${id}`} className="underline underline-offset-3">
          {t('stories.whose', { name })}
        </Link>
      </p>
      <StoryReading story={story} isOver={story.status === 'failed' || story.status === 'stopped'} />
    </>
  );
}

/** Each time it is asked for is an entry in the audit log: it is asked for once, when somebody opens it. */
function useStoryOfPerson(id: string) {
  const { api } = useChat();
  return useQuery({
    queryKey: adminKeys.story(id),
    queryFn: ({ signal }) => api('GET /api/admin/stories/:id', { params: { id }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
