import { type RefObject, useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMatch } from 'react-router';
import type { Conversation } from '#contract/conversations.ts';
import { sentenceOf, traceIdOf } from '../../../api/api-error.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { SearchField } from '../../../ui/search-field.tsx';
import { useNear } from '../use-near.ts';
import { byAge } from './by-age.ts';
import { ConversationRow } from './conversation-row.tsx';
import { ConversationSkeletons } from './conversation-skeletons.tsx';
import { DeleteConversation } from './delete-conversation.tsx';
import { RowIcons } from './row-icons.tsx';
import { useAim } from './use-aim.ts';
import { useConversations } from './use-conversations.ts';

interface ConversationListProps {
  readonly filterBox: RefObject<HTMLInputElement | null>;
  readonly onOpen: (conversationId: string) => void;
}

/** My conversations with a filter, the latest first; more are loaded as the end comes near. */
export function ConversationList({ filterBox, onOpen }: ConversationListProps) {
  const { t, i18n } = useTranslation('chat');
  const [filter, setFilter] = useState('');
  const q = useDeferredValue(filter.trim());
  const list = useConversations(q);
  const nav = useRef<HTMLElement>(null);
  const [deleting, setDeleting] = useState<Conversation>();
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const openId = useMatch('/c/:conversationId')?.params.conversationId;
  const aim = useAim();
  const words = { today: t('sidebar.today'), yesterday: t('sidebar.yesterday'), language: i18n.language };
  const rowWords = useMemo(
    () => ({
      untitled: t('conversation.untitled'),
      rename: t('conversation.rename'),
      delete: t('conversation.delete'),
    }),
    [t],
  );
  const hasFailedFurther = list.isFetchNextPageError && !list.isFetching;
  // Two fetches at once would call off each other.
  const end = useNear(
    () => void list.fetchNextPage(),
    list.hasNextPage && !list.isFetching && !hasFailedFurther,
    items.length,
  );
  return (
    <>
      <div className="px-3">
        <SearchField
          label={t('sidebar.filterName')}
          placeholder={t('sidebar.filter')}
          value={filter}
          onValue={setFilter}
          box={filterBox}
        />
      </div>
      <nav
        ref={nav}
        tabIndex={-1}
        aria-label={t('sidebar.conversations')}
        aria-busy={list.isPending}
        data-scrolls
        {...aim}
        className="min-h-0 flex-1 overflow-y-auto px-3 pt-3 pb-2"
      >
        {list.error && !list.data && (
          <ErrorNote
            title={t('sidebar.notLoaded')}
            traceId={traceIdOf(list.error)}
            actions={<Button onClick={() => void list.refetch()}>{t('sidebar.loadThem')}</Button>}
          >
            {sentenceOf(list.error)}
          </ErrorNote>
        )}
        {list.isPending && <ConversationSkeletons count={6} />}
        <RowIcons />
        {byAge(items, new Date(), words).map(({ key, heading, conversations }) => (
          <section key={key} aria-label={heading} className="pb-3">
            <h2 className="px-3 pt-1 pb-1.5 font-medium text-ink-soft text-small">{heading}</h2>
            <ul className="flex flex-col gap-0.5">
              {conversations.map((conversation) => (
                <ConversationRow
                  key={conversation.id}
                  conversation={conversation}
                  isOpen={conversation.id === openId}
                  words={rowWords}
                  onOpen={onOpen}
                  onDelete={setDeleting}
                />
              ))}
            </ul>
          </section>
        ))}
        {list.data && items.length === 0 && (
          <p className="px-3 py-2 text-ink-soft text-small">{t(q ? 'sidebar.noMatch' : 'sidebar.empty')}</p>
        )}
        {list.isFetchingNextPage && <ConversationSkeletons count={3} />}
        {hasFailedFurther && (
          <Button look="quiet" className="w-full" onClick={() => void list.fetchNextPage()}>
            {t('sidebar.loadMore')}
          </Button>
        )}
        <div ref={end} />
      </nav>
      {deleting && (
        <DeleteConversation
          conversation={deleting}
          onClose={() => setDeleting(undefined)}
          onConfirmed={() => nav.current?.focus()}
        />
      )}
    </>
  );
}
