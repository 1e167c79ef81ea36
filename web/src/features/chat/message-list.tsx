import { ArrowDown } from 'lucide-react';
import type { Message } from '#contract/conversations.ts';
import type { Unsent } from '../../api/outbox.ts';
import { IconButton } from '../../ui/button.tsx';
import { AssistantMessage } from './assistant-message.tsx';
import { useNear } from './use-near.ts';
import { useStickToEnd } from './use-stick-to-end.ts';
import { UnsentMessage, UserMessage } from './user-message.tsx';

interface MessageListProps {
  /** Of the conversation: another one starts at its end. */
  readonly listKey: string;
  /** Oldest first. */
  readonly thread: readonly Message[];
  readonly unsent: readonly Unsent[];
  readonly hasOlder: boolean;
  readonly onNearStart: () => void;
}

// The list keeps its own place (`useStickToEnd`), so the browser must not.
const scrolls = 'h-full overflow-y-auto overscroll-contain [overflow-anchor:none]';

export function MessageList({ listKey, thread, unsent, hasOlder, onNearStart }: MessageListProps) {
  const first = thread[0]?.id;
  const { scroller, content, atEnd, toEnd } = useStickToEnd(
    `${listKey} ${unsent.at(-1)?.clientMessageId ?? ''}`,
    first,
  );
  const start = useNear(onNearStart, hasOlder, first);
  return (
    <div className="relative min-h-0 flex-1">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <div ref={scroller} data-scrolls tabIndex={0} className={scrolls}>
        <div
          ref={content}
          role="log"
          aria-label="Messages"
          aria-live="off"
          className="mx-auto flex w-full max-w-3xl flex-col gap-6 px-4 pt-6 pb-8"
        >
          <div ref={start} />
          {hasOlder && <p className="text-center text-ink-soft text-small">Loading earlier messages</p>}
          {thread.map((message) =>
            message.role === 'user' ? (
              <UserMessage key={message.id} message={message} />
            ) : (
              <AssistantMessage
                key={message.id}
                message={message}
                isLast={message === thread.at(-1) && !unsent.length}
              />
            ),
          )}
          {unsent.map((message) => (
            <UnsentMessage key={message.clientMessageId} unsent={message} />
          ))}
        </div>
      </div>
      {!atEnd && (
        <div className="absolute bottom-3 left-1/2 -translate-x-1/2 animate-[fade_180ms] rounded-full shadow-raised">
          <IconButton label="To the end" look="plain" size="round" onClick={toEnd}>
            <ArrowDown className="size-4.5" aria-hidden />
          </IconButton>
        </div>
      )}
    </div>
  );
}
