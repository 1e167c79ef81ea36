import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useMatch, useNavigate } from 'react-router';
import type { Conversation } from '#contract/conversations.ts';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { byAge } from './by-age.ts';
import { ConversationRow } from './conversation-row.tsx';
import { useConversations, useDeleteConversation } from './use-conversations.ts';
import { useNear } from './use-near.ts';

/** My conversations with a filter, the latest first; more are loaded as the end comes near. */
export function ConversationList({ onOpen }: { readonly onOpen: () => void }) {
  const [filter, setFilter] = useState('');
  const q = useDeferredValue(filter.trim());
  const list = useConversations(q);
  const [deleting, setDeleting] = useState<Conversation>();
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const end = useNear(
    () => {
      if (!list.isFetchingNextPage) void list.fetchNextPage();
    },
    list.hasNextPage,
    items.length,
  );
  return (
    <>
      <div className="relative mx-3">
        <Search
          className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-ink-soft"
          aria-hidden
        />
        <input
          type="search"
          aria-label="Filter conversations"
          placeholder="Filter"
          value={filter}
          maxLength={200}
          onChange={(event) => setFilter(event.target.value)}
          className="min-h-10 w-full rounded-control border border-edge bg-transparent pr-3 pl-9 focus:bg-surface"
        />
      </div>
      <nav aria-label="Conversations" data-scrolls className="min-h-0 flex-1 overflow-y-auto px-3 pt-3 pb-2">
        {list.error && !list.data ? (
          <ErrorNote
            title="Your conversations could not be loaded"
            traceId={traceIdOf(list.error)}
            actions={<Button onClick={() => void list.refetch()}>Load them again</Button>}
          >
            {sentenceOf(list.error)}
          </ErrorNote>
        ) : (
          byAge(items, new Date()).map(({ heading, conversations }) => (
            <section key={heading} aria-label={heading} className="pb-3">
              <h3 className="px-3 pt-1 pb-1.5 font-medium text-ink-soft text-small">{heading}</h3>
              <ul className="flex flex-col gap-0.5">
                {conversations.map((conversation) => (
                  <ConversationRow
                    key={conversation.id}
                    conversation={conversation}
                    onOpen={onOpen}
                    onDelete={() => setDeleting(conversation)}
                  />
                ))}
              </ul>
            </section>
          ))
        )}
        {list.data && items.length === 0 && (
          <p className="px-3 py-2 text-ink-soft text-small">
            {q ? 'No title has these words.' : 'Your conversations will be listed here.'}
          </p>
        )}
        <div ref={end} />
      </nav>
      {deleting && <DeleteDialog conversation={deleting} onClose={() => setDeleting(undefined)} />}
    </>
  );
}

function DeleteDialog({
  conversation,
  onClose,
}: {
  readonly conversation: Conversation;
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const shown = useMatch('/c/:conversationId')?.params.conversationId;
  const remove = useDeleteConversation();
  return (
    <ConfirmDialog
      question="Delete conversation?"
      verb="Delete"
      onConfirm={() => {
        if (conversation.id === shown) void navigate('/', { replace: true });
        remove.mutate(conversation.id);
        onClose();
      }}
      onClose={onClose}
    >
      “{conversation.title || 'New conversation'}” and all its messages will be gone for good.
    </ConfirmDialog>
  );
}
