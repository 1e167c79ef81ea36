import { MessageBox } from './composer/message-box.tsx';
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
  const { query, thread } = useMessages(conversationId);
  const conversation = useConversation(conversationId);
  const model = useModel(conversationId, conversation.data?.model);
  const me = useMe();
  const stop = useStop();
  const unsent = useOutbox().filter((message) => message.conversationId === conversationId);
  const isConnected = useConnection() === 'connected';
  const last = thread.at(-1);
  const runId = thread.find(({ status }) => status === 'running')?.runId;
  const isEmpty = conversationId === undefined && unsent.length === 0;
  const isAwaited = isConnected && unsent.some(({ error }) => !error);
  const onStop = runId ? () => stop.mutate(runId) : undefined;

  useCommand('stop', onStop);
  useCommand('copyLast', conversationId ? () => void copyLast(thread) : undefined);

  if (query.error && !query.data) return <Unreadable error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className={`flex min-h-0 flex-1 flex-col print:block ${isEmpty ? 'justify-end sm:justify-center' : ''}`}>
      {isEmpty && (
        <div className="flex min-h-0 flex-1 flex-col justify-center overflow-y-auto sm:flex-none">
          <EmptyConversation name={me.data?.name} hour={new Date().getHours()} />
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
      <MessageBox conversationId={conversationId} model={model} onStop={onStop} />
      <Announcer answer={last?.role === 'assistant' ? last : undefined} isAwaited={isAwaited} />
    </div>
  );
}
