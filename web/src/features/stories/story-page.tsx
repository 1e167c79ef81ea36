import { useEffect } from 'react';
import { Link, useParams } from 'react-router';
import type { Story } from '#contract/stories.ts';
import { ApiError, sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button, buttonClasses } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Scroller } from '../../ui/page.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { useChat } from '../chat/chat-context.ts';
import { useAnswer, useConnection } from '../chat/use-store.ts';
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
  useTitle('Story');
  return error ? <Unreadable error={error} onRetry={onRetry} /> : <p className="sr-only">Loading</p>;
}

interface ShownProps {
  readonly story: Story;
  readonly refetch: () => void;
}

function Shown({ story, refetch }: ShownProps) {
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
        {story.status === 'ready' && <Kept story={story} />}
      </StoryReading>
      <p role="status" className="sr-only">
        {isWriting ? 'The story is being written.' : ''}
        {story.status === 'ready' ? 'The story is told.' : ''}
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
  if (status === 'stopped') {
    return (
      <p className="text-body">
        You stopped this story.{' '}
        <Link to="/stories/new" className="font-medium text-lamp-strong underline underline-offset-3">
          Have another one written
        </Link>
      </p>
    );
  }
  return (
    <ErrorNote
      title="This story could not be told"
      traceId={error?.traceId}
      actions={
        <Link to="/stories/new" className={buttonClasses('plain')}>
          New story
        </Link>
      }
    >
      {error?.message} Nothing else of yours was changed.
    </ErrorNote>
  );
}

function Kept({ story: { favourite, expiresAt } }: { readonly story: Story }) {
  if (favourite) return <p>One of your favourites: it is kept until you delete it.</p>;
  if (!expiresAt) return null;
  const until = new Date(expiresAt).toLocaleString('en', {
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return <p>It is here until {until}. A favourite is kept.</p>;
}

function Unreadable({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const isMissing = error instanceof ApiError && error.code === 'not_found';
  return (
    <div className="mx-auto w-full max-w-[40rem] px-4 pt-12">
      <ErrorNote
        title={isMissing ? 'This story is not here' : 'This story could not be loaded'}
        traceId={traceIdOf(error)}
        actions={
          isMissing ? (
            <Link to="/stories" className={buttonClasses('plain')}>
              Your stories
            </Link>
          ) : (
            <Button onClick={onRetry}>Load it again</Button>
          )
        }
      >
        {isMissing ? 'Its time has passed, it was deleted, or it belongs to someone else.' : sentenceOf(error)}
      </ErrorNote>
    </div>
  );
}
