import { BookOpen, ChevronRight, CircleStop, RotateCcw } from 'lucide-react';
import { useNavigate } from 'react-router';
import type { Message, MessagePart } from '#contract/conversations.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Lamp } from '../../ui/lamp.tsx';
import { Markdown } from './markdown.tsx';
import { useRetry } from './use-send.ts';
import { useAnswer, useConnection } from './use-store.ts';

interface AssistantMessageProps {
  readonly message: Message;
  /** The last of the conversation: what failed here can be tried again. */
  readonly isLast: boolean;
}

export function AssistantMessage({ message, isLast }: AssistantMessageProps) {
  const isLost = useConnection() !== 'connected';
  const isRunning = message.status === 'running';
  return (
    <article
      aria-label="Answer"
      aria-busy={isRunning}
      data-role="assistant"
      data-status={message.status}
      data-message-id={message.id}
      data-run-id={message.runId}
      data-connection={isLost ? 'lost' : 'live'}
      className="group/message grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-3"
    >
      <Lamp className="mt-0.75 size-5" />
      <div className="flex min-w-0 flex-col gap-3">
        {isRunning ? <RunningAnswer message={message} /> : <Parts parts={partsOf(message)} />}
        {isRunning && isLost && <p className="text-ink-soft text-small">Reconnecting — nothing is lost</p>}
        {!isRunning && <Ending message={message} isLast={isLast} />}
      </div>
    </article>
  );
}

const partsOf = (message: Message): readonly MessagePart[] =>
  message.parts ?? (message.text ? [{ kind: 'text', text: message.text }] : []);

function RunningAnswer({ message }: { readonly message: Message }) {
  const answer = useAnswer(message.runId ?? '');
  return <Parts parts={answer.parts} open />;
}

function Parts({ parts, open = false }: { readonly parts: readonly MessagePart[]; readonly open?: boolean }) {
  const last = parts.at(-1);
  return (
    <>
      {parts.map((part, index) =>
        part.kind === 'thinking' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part keeps its place
          <Thinking key={index} text={part.text} open={open && part === last} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part keeps its place
          <Markdown key={index} text={part.text} open={open && part === last} />
        ),
      )}
      {open && last?.kind !== 'text' && <Markdown text="" open />}
    </>
  );
}

function Thinking({ text, open }: { readonly text: string; readonly open: boolean }) {
  return (
    <details className="group/thinking">
      <summary className="-mx-2 inline-flex min-h-8 list-none items-center gap-1 rounded-control px-2 text-ink-soft text-small hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-4 transition-transform duration-120 group-open/thinking:rotate-90" aria-hidden />
        {open ? 'Thinking' : 'How it thought'}
      </summary>
      <div className="mt-1 whitespace-pre-wrap border-line border-l-2 pl-4 text-ink-soft text-small">{text}</div>
    </details>
  );
}

/** What there is to say and do about an answer that is no longer being written. */
function Ending({ message, isLast }: AssistantMessageProps) {
  const { status, error } = message;
  if (status === 'failed' || status === 'interrupted') {
    return (
      <ErrorNote
        title={status === 'failed' ? 'The answer could not be finished' : 'The answer was cut off'}
        traceId={error?.traceId}
        actions={isLast && <RetryButton messageId={message.id} />}
      >
        {error?.message} {message.text ? 'What was written so far is kept.' : 'Your message is kept.'}
      </ErrorNote>
    );
  }
  return (
    <div className="-my-1 -ml-2.5 flex min-h-10 flex-wrap items-center gap-1">
      {status === 'stopped' && (
        <p className="mr-2 ml-2.5 flex items-center gap-1.5 text-ink-soft text-small">
          <CircleStop className="size-4" aria-hidden /> Stopped
        </p>
      )}
      {status === 'stopped' && isLast && <RetryButton messageId={message.id} />}
      {message.text && <CopyButton what="answer" text={() => message.text} className={shownWhenNear} />}
      {message.text && <StoryButton conversationId={message.conversationId} />}
    </div>
  );
}

const shownWhenNear =
  'opacity-0 focus-visible:opacity-100 group-focus-within/message:opacity-100 group-hover/message:opacity-100 pointer-coarse:opacity-100';

/** Leads to a new story that takes up what was said here last. */
function StoryButton({ conversationId }: { readonly conversationId: string }) {
  const navigate = useNavigate();
  return (
    <IconButton
      label="Make it a story"
      onClick={() => void navigate(`/stories/new?conversation=${encodeURIComponent(conversationId)}`)}
      className={shownWhenNear}
    >
      <BookOpen className="size-4" aria-hidden />
    </IconButton>
  );
}

function RetryButton({ messageId }: { readonly messageId: string }) {
  const retry = useRetry();
  return (
    <Button onClick={() => retry.mutate(messageId)} disabled={retry.isPending}>
      <RotateCcw className="size-4" aria-hidden /> Retry
    </Button>
  );
}
