import { Clock3 } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '#contract/conversations.ts';
import { sentenceFor } from '../../../api/api-error.ts';
import type { Unsent } from '../../../api/outbox.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useChat } from '../chat-context.ts';
import { useConnection } from '../live/use-store.ts';

const card = 'max-w-[85%] whitespace-pre-wrap rounded-card border border-line/70 bg-sunken px-4 py-2.5';

interface UserMessageProps {
  readonly message: Message;
  /** In the conversation, from 1. */
  readonly position: number;
  /** Of the conversation; -1 while not all of it is known. */
  readonly size: number;
}

export const UserMessage = memo(function UserMessage({ message, position, size }: UserMessageProps) {
  const { t } = useTranslation('chat');
  return (
    <article
      aria-label={t('message.you')}
      aria-posinset={position}
      aria-setsize={size}
      data-role="user"
      data-status={message.status}
      data-message-id={message.id}
      data-run-id={message.runId}
      className="flex flex-col items-end"
    >
      <div dir="auto" className={card}>
        {message.text}
      </div>
    </article>
  );
});

/** A message on its way, or one that the server refused. */
export function UnsentMessage({ unsent }: { readonly unsent: Unsent }) {
  const { t } = useTranslation('chat');
  const { outbox } = useChat();
  const isConnected = useConnection() === 'connected';
  const { clientMessageId, error } = unsent;
  return (
    <article
      aria-label={t('message.you')}
      data-role="user"
      data-status={error ? 'failed' : 'sending'}
      data-message-id={clientMessageId}
      className="flex flex-col items-end gap-2"
    >
      <div dir="auto" className={card}>
        {unsent.text}
      </div>
      {!error && !isConnected && (
        <p className="flex items-center gap-1.5 text-ink-soft text-small">
          <Clock3 className="size-3.5" aria-hidden /> {t('message.waiting')}
        </p>
      )}
      {error && (
        <ErrorNote
          title={t('message.notSent')}
          traceId={error.traceId}
          actions={
            <>
              <Button onClick={() => outbox.again(clientMessageId)}>{t('message.retry')}</Button>
              <Button look="quiet" onClick={() => outbox.settle(clientMessageId)}>
                {t('message.remove')}
              </Button>
            </>
          }
        >
          {sentenceFor(error)} {t('message.ownTextKept')}
        </ErrorNote>
      )}
    </article>
  );
}
