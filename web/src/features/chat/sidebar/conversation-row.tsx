import { type FormEvent, type MouseEvent, memo, type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '#contract/conversations.ts';
import { IconButton } from '../../../ui/button.tsx';
import { rowIcon } from './row-icons.tsx';
import { aimedAt } from './use-aim.ts';
import { useRenameConversation } from './use-conversations.ts';

/** What all rows say. */
interface RowWords {
  readonly untitled: string;
  readonly rename: string;
  readonly delete: string;
}

interface ConversationRowProps {
  readonly conversation: Conversation;
  readonly isOpen: boolean;
  readonly words: RowWords;
  readonly onOpen: (conversationId: string) => void;
  readonly onDelete: (conversation: Conversation) => void;
}

/** There are many, in a list that is drawn with whatever is opened: it asks for nothing itself, and is drawn where it is another. */
export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { conversation, isOpen, words, onOpen, onDelete } = props;
  const [isRenaming, setRenaming] = useState(false);
  const renameButton = useRef<HTMLButtonElement>(null);
  const wasRenaming = useRef(false);
  const { id, title } = conversation;
  const titleId = `title-${id}`;
  const name = title || words.untitled;
  useEffect(() => {
    // The field that had the focus is gone: whoever left it by the keyboard goes on where they came from.
    if (wasRenaming.current && !isRenaming && document.activeElement === document.body) renameButton.current?.focus();
    wasRenaming.current = isRenaming;
  }, [isRenaming]);
  if (isRenaming) return <RenameForm conversation={conversation} onDone={() => setRenaming(false)} />;
  return (
    <li className="group/row relative">
      <a
        href={`/c/${id}`}
        {...{ [aimedAt]: id }}
        onClick={(event) => {
          if (!isPlain(event)) return;
          event.preventDefault();
          onOpen(id);
        }}
        aria-current={isOpen ? 'page' : undefined}
        title={name}
        className="flex min-h-10 items-center rounded-control pe-2 ps-3 text-ink-soft transition-colors duration-120 hover:bg-line/40 hover:text-ink aria-[current=page]:bg-line/60 aria-[current=page]:font-medium aria-[current=page]:text-ink group-focus-within/row:pe-21 group-hover/row:pe-21 pointer-coarse:pe-21"
      >
        <span id={titleId} dir="auto" className="truncate">
          {name}
        </span>
      </a>
      <RowActions
        conversation={conversation}
        words={words}
        titleId={titleId}
        renameButton={renameButton}
        onRenaming={setRenaming}
        onDelete={onDelete}
      />
    </li>
  );
});

interface RowActionsProps extends Pick<ConversationRowProps, 'conversation' | 'words' | 'onDelete'> {
  readonly titleId: string;
  readonly renameButton: RefObject<HTMLButtonElement | null>;
  readonly onRenaming: (is: true) => void;
}

/** Apart, as they are the most of a row and stay the same when it is opened and left. */
const RowActions = memo(function RowActions(props: RowActionsProps) {
  const { conversation, words, titleId, renameButton, onRenaming, onDelete } = props;
  return (
    <div className="absolute inset-y-0 end-0.5 flex items-center opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 pointer-coarse:opacity-100">
      <IconButton ref={renameButton} label={words.rename} aria-describedby={titleId} onClick={() => onRenaming(true)}>
        {rowIcon('rename')}
      </IconButton>
      <IconButton label={words.delete} aria-describedby={titleId} onClick={() => onDelete(conversation)}>
        {rowIcon('delete')}
      </IconButton>
    </div>
  );
});

/** Not one that opens another tab or window. */
const isPlain = ({ metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean =>
  !(metaKey || ctrlKey || shiftKey || altKey);

/** Enter or leaving the field keeps the new title, Escape the old one. */
function RenameForm({ conversation, onDone }: { readonly conversation: Conversation; readonly onDone: () => void }) {
  const { t } = useTranslation('chat');
  const rename = useRenameConversation();
  const [title, setTitle] = useState(conversation.title);
  const keep = () => {
    const changed = title.trim();
    const { id, title: old } = conversation;
    if (changed && changed !== old) rename.mutate({ id, title: changed, old });
    onDone();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    keep();
  };
  return (
    <li>
      <form onSubmit={submit}>
        <input
          aria-label={t('conversation.title')}
          dir="auto"
          value={title}
          maxLength={200}
          // biome-ignore lint/a11y/noAutofocus: the person just asked to write here
          autoFocus
          onFocus={(event) => event.target.select()}
          onChange={(event) => setTitle(event.target.value)}
          onBlur={keep}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            event.stopPropagation();
            onDone();
          }}
          className="min-h-10 w-full rounded-control border border-edge bg-surface px-3"
        />
      </form>
    </li>
  );
}
