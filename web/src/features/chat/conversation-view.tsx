import { Info } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { ApiError, sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useChat } from './chat-context.ts';
import { Composer } from './composer.tsx';
import { EmptyConversation } from './empty-conversation.tsx';
import { MessageList } from './message-list.tsx';
import { ModelChoice } from './model-choice.tsx';
import { useConversation } from './use-conversations.ts';
import { useDraft } from './use-draft.ts';
import { useMe } from './use-me.ts';
import { useMessages } from './use-messages.ts';
import { useModel } from './use-model.ts';
import { useStop } from './use-send.ts';
import { useOutbox } from './use-store.ts';

/** One conversation, or (without an ID) the place where a new one begins. */
export function ConversationView({ conversationId }: { readonly conversationId: string | undefined }) {
  const { outbox } = useChat();
  const { query, thread } = useMessages(conversationId);
  const conversation = useConversation(conversationId);
  const model = useModel(conversation.data?.model);
  const me = useMe();
  const stop = useStop();
  const [text, setText] = useDraft(conversationId);
  const box = useRef<HTMLTextAreaElement>(null);
  const unsent = useOutbox().filter((message) => message.conversationId === conversationId);
  const last = thread.at(-1);
  const running = thread.find(({ status }) => status === 'running');
  const isEmpty = conversationId === undefined && unsent.length === 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever opens a conversation wants to write in it
  useEffect(() => {
    if (window.matchMedia('(pointer: fine)').matches) box.current?.focus();
  }, [conversationId]);

  const send = () => {
    outbox.add({
      text,
      ...(conversationId ? { conversationId } : {}),
      ...(model.chosen ? { model: model.chosen } : {}),
    });
    setText('');
  };
  if (query.error && !query.data) return <Unreadable error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className={`flex min-h-0 flex-1 flex-col ${isEmpty ? 'justify-end sm:justify-center' : ''}`}>
      {isEmpty ? (
        <div className="flex min-h-0 flex-1 flex-col justify-center overflow-y-auto sm:flex-none">
          <EmptyConversation
            name={me.data?.name}
            hour={new Date().getHours()}
            onStarter={(starter) => {
              setText(starter);
              box.current?.focus();
            }}
          />
        </div>
      ) : (
        <MessageList
          listKey={conversationId ?? ''}
          thread={thread}
          unsent={unsent}
          hasOlder={query.hasNextPage}
          onNearStart={() => {
            if (!query.isFetchingNextPage) void query.fetchNextPage();
          }}
        />
      )}
      <div className="mx-auto w-full max-w-3xl px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
        <Composer
          text={text}
          onText={setText}
          onSend={send}
          box={box}
          onStop={running?.runId ? () => stop.mutate(running.runId ?? '') : undefined}
        >
          <ModelChoice models={model.models} chosen={model.shown} onChoose={model.choose} />
        </Composer>
        {model.isDemo && <DemoNotice />}
      </div>
      <Announcer status={last?.role === 'assistant' ? last.status : undefined} />
    </div>
  );
}

function DemoNotice() {
  return (
    <p className="mt-2 text-balance text-center text-ink-soft text-small">
      <Info className="mr-1.5 mb-0.5 inline size-3.5" aria-hidden />
      Sample answers of the demo model. For a real one, set OPENAI_API_KEY on the server.
    </p>
  );
}

const spoken: Readonly<Record<string, string>> = {
  running: 'The answer is being written.',
  complete: 'The answer is complete.',
  stopped: 'The answer was stopped.',
};

/** Tells a screen reader how the answer goes, without reading out each piece of it. */
function Announcer({ status }: { readonly status: string | undefined }) {
  const [said, setSaid] = useState('');
  const before = useRef(status);
  useEffect(() => {
    if (before.current !== undefined || status === 'running') setSaid(spoken[status ?? ''] ?? '');
    before.current = status;
  }, [status]);
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}

function Unreadable({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const isMissing = error instanceof ApiError && error.code === 'not_found';
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-1 flex-col justify-center px-4">
      <ErrorNote
        title={isMissing ? 'This conversation is not here' : 'This conversation could not be loaded'}
        traceId={traceIdOf(error)}
        actions={
          isMissing ? (
            <Link to="/" className="font-medium text-lamp-strong underline underline-offset-3">
              Start a new one
            </Link>
          ) : (
            <Button onClick={onRetry}>Load it again</Button>
          )
        }
      >
        {isMissing ? 'It was deleted, or it belongs to someone else.' : `${sentenceOf(error)} Its messages are kept.`}
      </ErrorNote>
    </div>
  );
}
