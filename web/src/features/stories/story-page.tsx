import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { Story } from '#contract/stories.ts';
import { ApiError, sentenceFor, sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button, buttonClasses } from '../../ui/button.tsx';
import { clockIn, weekdayIn } from '../../ui/days.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Scroller } from '../../ui/page.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { useChat } from '../chat/chat-context.ts';
import { useAnswer, useConnection } from '../chat/live/use-store.ts';
import { useMe } from '../chat/use-me.ts';
import { StoryActions } from './story-actions.tsx';
import { StoryReading } from './story-reading.tsx';
import { titleOf } from './story-state.ts';
import { useStory } from './use-stories.ts';

/** One of my stories, while it is written and after. */
export function StoryPage() {
  const { storyId = '' } = useParams();
  const { data: story, error, refetch } = useStory(storyId);
  const again = () => void refetch();
  return (
    <Scroller>
      {story ? <Shown key={story.id} story={story} refetch={again} /> : <NotYet error={error} onRetry={again} />}
    </Scroller>
  );
}

interface NotYetProps {
  readonly error: Error | null;
  readonly onRetry: () => void;
}

function NotYet({ error, onRetry }: NotYetProps) {
  const { t } = useTranslation('stories');
  useTitle(t('name'));
  return error ? <Unreadable error={error} onRetry={onRetry} /> : <p className="sr-only">{t('loading')}</p>;
}

interface ShownProps {
  readonly story: Story;
  readonly refetch: () => void;
}

function Shown({ story, refetch }: ShownProps) {
  const { t } = useTranslation('stories');
  const { socket } = useChat();
  const isWriting = story.status === 'writing';
  const soFar = useSoFar(story);
  useTitle(titleOf(soFar));
  const isLost = useConnection() !== 'connected';
  const isOver = story.status === 'failed' || story.status === 'stopped';
  return (
    <>
      <StoryReading
        story={soFar}
        source={{ refetch, socket }}
        writing={isWriting ? { isLost } : undefined}
        isOver={isOver}
        actions={<StoryActions story={story} />}
      >
        {isOver && <Ending story={story} />}
        {story.status === 'ready' && (
          <>
            <Kept story={story} />
            <p>{t(`mail.${story.mail.state}`)}</p>
          </>
        )}
      </StoryReading>
      <p role="status" className="sr-only">
        {isWriting ? t('story.beingWritten') : ''}
        {story.status === 'ready' ? t('story.told') : ''}
      </p>
    </>
  );
}

/**
 * The story with what its writer has given out, followed while it is written: what the record has not yet, the stream has. Once the
 * stream tells of a second attempt, the record may still have what was rejected of the first, and counts no more.
 */
function useSoFar(story: Story): Story {
  const { answers } = useChat();
  const { runId, status } = story;
  const isWriting = status === 'writing';
  useEffect(() => {
    if (!isWriting) return;
    answers.follow(runId);
    return () => answers.unfollow(runId);
  }, [answers, runId, isWriting]);
  const { parts, attempt } = useAnswer(runId);
  if (!isWriting) return story;
  const { title: recordTitle, parts: recordParts, ...rest } = story;
  const isOfRecord = attempt <= 1;
  const written = (kind: 'title' | 'text') => parts.flatMap((part) => (part.kind === kind ? part.text : [])).join('');
  const title = written('title') || (isOfRecord && recordTitle);
  const text = written('text');
  return { ...rest, ...(title && { title }), parts: text ? [text] : isOfRecord ? recordParts : [] };
}

function Ending({ story: { status, error } }: { readonly story: Story }) {
  const { t } = useTranslation('stories');
  if (status === 'stopped') {
    return (
      <p className="text-body">
        {t('story.youStopped')}{' '}
        <Link to="/stories/new" className="font-medium text-lamp-strong underline underline-offset-3">
          {t('story.another')}
        </Link>
      </p>
    );
  }
  return (
    <ErrorNote
      title={t('story.notTold')}
      traceId={error?.traceId}
      actions={
        <Link to="/stories/new" className={buttonClasses('plain')}>
          {t('page.new')}
        </Link>
      }
    >
      {t('story.nothingElse', { reason: error ? sentenceFor(error) : '' })}
    </ErrorNote>
  );
}

function Kept({ story: { favourite, expiresAt } }: { readonly story: Story }) {
  const { t } = useTranslation('stories');
  const zone = useMe().data?.timeZone;
  if (favourite) return <p>{t('story.kept')}</p>;
  if (!expiresAt) return null;
  const end = new Date(expiresAt);
  const until = `${weekdayIn(zone, end)} ${clockIn(zone, end)}`;
  return <p>{t('story.until', { until })}</p>;
}

function Unreadable({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const { t } = useTranslation(['stories', 'ui']);
  const isMissing = error instanceof ApiError && error.code === 'not_found';
  const title = t(isMissing ? 'story.missing' : 'story.notLoaded');
  useTitle(title);
  return (
    <div className="mx-auto w-full max-w-[40rem] px-4 pt-12">
      <ErrorNote
        heading="h1"
        title={title}
        traceId={traceIdOf(error)}
        actions={
          isMissing ? (
            <Link to="/stories" className={buttonClasses('plain')}>
              {t('story.yours')}
            </Link>
          ) : (
            <Button onClick={onRetry}>{t('ui:loadAgain')}</Button>
          )
        }
      >
        {isMissing ? t('story.missingWhy') : sentenceOf(error)}
      </ErrorNote>
    </div>
  );
}
