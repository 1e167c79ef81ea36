import { Info } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useChat } from './chat-context.ts';
import { Composer } from './composer/composer.tsx';
import { ModelChoice } from './composer/model-choice.tsx';
import { PromptsOnSlash } from './composer/prompts-on-slash.tsx';
import { TokensLeft } from './composer/tokens-left.tsx';
import { useDraft } from './composer/use-draft.ts';
import { useModel } from './composer/use-model.ts';
import { EmptyConversation } from './empty-conversation.tsx';
import { useCommand } from './keys/use-command.ts';
import { useConnection, useOutbox } from './live/use-store.ts';
import { Announcer } from './messages/announcer.tsx';
import { AwaitedAnswer } from './messages/awaited-answer.tsx';
import { copyLast } from './messages/copy-last.ts';
import { MessageList } from './messages/message-list.tsx';
import { MessageSkeletons } from './messages/message-skeletons.tsx';
import { Unreadable } from './messages/unreadable.tsx';
import { useMessages } from './messages/use-messages.ts';
import { useConversation } from './sidebar/use-conversations.ts';
import { useMe } from './use-me.ts';
import { useStop } from './use-send.ts';

/** One conversation, or (without an ID) the place where a new one begins. */
export function ConversationView({ conversationId }: { readonly conversationId: string | undefined }) {
  const { outbox } = useChat();
  const { query, thread } = useMessages(conversationId);
  const conversation = useConversation(conversationId);
  const model = useModel(conversationId, conversation.data?.model);
  const me = useMe();
  const stop = useStop();
  const [text, setText] = useDraft(conversationId);
  const box = useRef<HTMLTextAreaElement>(null);
  const unsent = useOutbox().filter((message) => message.conversationId === conversationId);
  const isConnected = useConnection() === 'connected';
  const last = thread.at(-1);
  const runId = thread.find(({ status }) => status === 'running')?.runId;
  const isEmpty = conversationId === undefined && unsent.length === 0;
  const isAwaited = isConnected && unsent.some(({ error }) => !error);
  const onStop = runId ? () => stop.mutate(runId) : undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever opens a conversation wants to write in it
  useEffect(() => {
    if (window.matchMedia('(pointer: fine)').matches) box.current?.focus();
  }, [conversationId]);
  useCommand('focusComposer', () => box.current?.focus());
  useCommand('stop', onStop);
  useCommand('copyLast', conversationId ? () => void copyLast(thread) : undefined);

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
    <div className={`flex min-h-0 flex-1 flex-col print:block ${isEmpty ? 'justify-end sm:justify-center' : ''}`}>
      {isEmpty && (
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
      )}
      {!isEmpty && conversationId && query.isPending && <MessageSkeletons />}
      {!isEmpty && !(conversationId && query.isPending) && (
        <MessageList
          listKey={conversationId ?? ''}
          thread={thread}
          unsent={unsent}
          older={query.hasNextPage ? (query.isFetchNextPageError && !query.isFetching ? 'failed' : 'there') : 'none'}
          isBusy={query.isFetching}
          onOlder={() => void query.fetchNextPage()}
        />
      )}
      {isAwaited && !runId && <AwaitedAnswer />}
      <div className="mx-auto w-full max-w-3xl px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))] print:hidden">
        <Composer
          text={text}
          onText={setText}
          onSend={send}
          box={box}
          onStop={onStop}
          above={<PromptsOnSlash text={text} onText={setText} box={box} />}
        >
          <ModelChoice models={model.models} chosen={model.shown} onChoose={model.choose} />
        </Composer>
        <TokensLeft />
        {model.isDemo && <DemoNotice />}
      </div>
      <Announcer answer={last?.role === 'assistant' ? last : undefined} isAwaited={isAwaited} />
    </div>
  );
}

function DemoNotice() {
  const { t } = useTranslation('chat');
  return (
    <p className="mt-2 text-balance text-center text-ink-soft text-small">
      <Info className="me-1.5 mb-0.5 inline size-3.5" aria-hidden />
      {t('composer.demo')}
    </p>
  );
}
