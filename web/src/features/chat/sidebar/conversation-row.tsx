import { Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, type MouseEvent, memo, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import type { Conversation } from '#contract/conversations.ts';
import { IconButton } from '../../../ui/button.tsx';
import { usePreparation } from '../messages/use-messages.ts';
import { useRenameConversation } from './use-conversations.ts';

interface ConversationRowProps {
  readonly conversation: Conversation;
  readonly onDelete: (conversation: Conversation) => void;
  readonly onOpen: (conversationId: string) => void;
}

/** Drawn anew only where it is another: the list is, with whatever happens to any of them. */
export const ConversationRow = memo(function ConversationRow({ conversation, onDelete, onOpen }: ConversationRowProps) {
  const { t } = useTranslation('chat');
  const [isRenaming, setRenaming] = useState(false);
  const titleId = useId();
  const renameButton = useRef<HTMLButtonElement>(null);
  const wasRenaming = useRef(false);
  const { id, title } = conversation;
  const aim = useAim(id);
  const name = title || t('conversation.untitled');
  useEffect(() => {
    // The field that had the focus is gone: whoever left it by the keyboard goes on where they came from.
    if (wasRenaming.current && !isRenaming && document.activeElement === document.body) renameButton.current?.focus();
    wasRenaming.current = isRenaming;
  }, [isRenaming]);
  if (isRenaming) return <RenameForm conversation={conversation} onDone={() => setRenaming(false)} />;
  return (
    <li className="group/row relative">
      <NavLink
        to={`/c/${id}`}
        onClick={(event) => {
          if (isPlain(event)) onOpen(id);
        }}
        {...aim}
        title={name}
        className="flex min-h-10 items-center rounded-control pe-2 ps-3 text-ink-soft transition-colors duration-120 hover:bg-line/40 hover:text-ink aria-[current=page]:bg-line/60 aria-[current=page]:font-medium aria-[current=page]:text-ink group-focus-within/row:pe-21 group-hover/row:pe-21 pointer-coarse:pe-21"
      >
        <span id={titleId} dir="auto" className="truncate">
          {name}
        </span>
      </NavLink>
      <div className="absolute inset-y-0 end-0.5 flex items-center opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 pointer-coarse:opacity-100">
        <IconButton
          ref={renameButton}
          label={t('conversation.rename')}
          aria-describedby={titleId}
          onClick={() => setRenaming(true)}
        >
          <Pencil className="size-4" aria-hidden />
        </IconButton>
        <IconButton label={t('conversation.delete')} aria-describedby={titleId} onClick={() => onDelete(conversation)}>
          <Trash2 className="size-4" aria-hidden />
        </IconButton>
      </div>
    </li>
  );
});

/** Not one that opens another tab or window. */
const isPlain = ({ metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean =>
  !(metaKey || ctrlKey || shiftKey || altKey);

/** A pointer that rests so long on a conversation is not merely on its way, in milliseconds. */
const restMs = 60;

/** What is pointed at, or has the focus, will most likely be opened. */
function useAim(id: string) {
  const prepare = usePreparation();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const leave = () => clearTimeout(timer.current);
  const enter = () => {
    leave();
    timer.current = setTimeout(() => prepare(id), restMs);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return { onPointerEnter: enter, onPointerLeave: leave, onFocus: enter, onBlur: leave };
}

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
