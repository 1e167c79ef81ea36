import { Clock3 } from 'lucide-react';
import type { Message } from '#contract/conversations.ts';
import type { Unsent } from '../../api/outbox.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useChat } from './chat-context.ts';
import { useConnection } from './use-store.ts';

const card = 'max-w-[85%] whitespace-pre-wrap rounded-card border border-line/70 bg-sunken px-4 py-2.5';

export function UserMessage({ message }: { readonly message: Message }) {
  return (
    <article
      aria-label="You"
      data-role="user"
      data-status={message.status}
      data-message-id={message.id}
      data-run-id={message.runId}
      className="flex flex-col items-end"
    >
      <div className={card}>{message.text}</div>
    </article>
  );
}

/** A message on its way, or one that the server refused. */
export function UnsentMessage({ unsent }: { readonly unsent: Unsent }) {
  const { outbox } = useChat();
  const isConnected = useConnection() === 'connected';
  const { clientMessageId, error } = unsent;
  return (
    <article
      aria-label="You"
      data-role="user"
      data-status={error ? 'failed' : 'sending'}
      data-message-id={clientMessageId}
      className="flex flex-col items-end gap-2"
    >
      <div className={card}>{unsent.text}</div>
      {!error && !isConnected && (
        <p className="flex items-center gap-1.5 text-ink-soft text-small">
          <Clock3 className="size-3.5" aria-hidden /> Sent as soon as you are connected
        </p>
      )}
      {error && (
        <ErrorNote
          title="Your message was not sent"
          traceId={error.traceId}
          actions={
            <>
              <Button onClick={() => outbox.again(clientMessageId)}>Retry</Button>
              <Button look="quiet" onClick={() => outbox.settle(clientMessageId)}>
                Remove
              </Button>
            </>
          }
        >
          {error.message} Your text is kept here.
        </ErrorNote>
      )}
    </article>
  );
}
