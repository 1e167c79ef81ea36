import { BookOpen, CircleStop, RotateCcw } from 'lucide-react';
import { type RefObject, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Message } from '#contract/conversations.ts';
import { sentenceFor } from '../../../api/api-error.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useRetry } from '../use-send.ts';
import { AnswerDetail } from './answer-detail.tsx';
import { ReadAloud } from './read-aloud.tsx';

interface AnswerEndingProps {
  readonly message: Message;
  readonly isLast: boolean;
}

/** What there is to say and do about an answer that is no longer being written. */
export function AnswerEnding({ message, isLast }: AnswerEndingProps) {
  const { t } = useTranslation('chat');
  const row = useRef<HTMLDivElement>(null);
  const { status } = message;
  const hasFailed = status === 'failed' || status === 'interrupted';
  return (
    <div ref={row} className="pt-2 print:hidden">
      {hasFailed && <Failure message={message} isLast={isLast} />}
      <div className="-ms-2.5 flex min-h-10 flex-wrap items-center gap-1">
        {status === 'stopped' && (
          <p className="me-2 ms-2.5 flex items-center gap-1.5 text-ink-soft text-small">
            <CircleStop className="size-4" aria-hidden /> {t('message.stopped')}
          </p>
        )}
        {status === 'stopped' && isLast && <RetryButton messageId={message.id} />}
        <Actions message={message} row={row} />
      </div>
    </div>
  );
}

function Failure({ message, isLast }: AnswerEndingProps) {
  const { t } = useTranslation('chat');
  const { error, status, text } = message;
  return (
    <ErrorNote
      title={status === 'failed' ? t('message.failed') : t('message.cutOff')}
      traceId={error?.traceId}
      actions={isLast && <RetryButton messageId={message.id} />}
    >
      {error && sentenceFor(error)} {text ? t('message.textKept') : t('message.messageKept')}
    </ErrorNote>
  );
}

interface ActionsProps {
  readonly message: Message;
  readonly row: RefObject<HTMLElement | null>;
}

/** Near on hover and focus, and always where there is no pointer that hovers. */
function Actions({ message, row }: ActionsProps) {
  const { t } = useTranslation('chat');
  return (
    <div className="flex items-center gap-1 opacity-0 transition-opacity duration-120 focus-within:opacity-100 group-focus-within/message:opacity-100 group-hover/message:opacity-100 has-data-[state=open]:opacity-100 has-aria-pressed:opacity-100 pointer-coarse:opacity-100">
      {message.text && <CopyButton label={t('message.copy')} text={() => message.text} />}
      {message.text && <ReadAloud answer={() => row.current?.closest('article') ?? undefined} />}
      {message.text && <StoryButton conversationId={message.conversationId} />}
      <AnswerDetail message={message} />
    </div>
  );
}

/** Leads to a new story that takes up what was said here last. */
function StoryButton({ conversationId }: { readonly conversationId: string }) {
  const { t } = useTranslation('chat');
  const navigate = useNavigate();
  return (
    <IconButton
      label={t('message.makeStory')}
      onClick={() => void navigate(`/stories/new?conversation=${encodeURIComponent(conversationId)}`)}
    >
      <BookOpen className="size-4" aria-hidden />
    </IconButton>
  );
}

function RetryButton({ messageId }: { readonly messageId: string }) {
  const { t } = useTranslation('chat');
  const retry = useRetry();
  return (
    <Button onClick={() => retry.mutate(messageId)} disabled={retry.isPending}>
      <RotateCcw className="size-4" aria-hidden /> {t('message.retry')}
    </Button>
  );
}
