import { Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { NavLink } from 'react-router';
import type { Conversation } from '#contract/conversations.ts';
import { IconButton } from '../../ui/button.tsx';
import { useRenameConversation } from './use-conversations.ts';

interface ConversationRowProps {
  readonly conversation: Conversation;
  readonly onDelete: () => void;
  readonly onOpen: () => void;
}

export function ConversationRow({ conversation, onDelete, onOpen }: ConversationRowProps) {
  const [isRenaming, setRenaming] = useState(false);
  const titleId = useId();
  const { id, title } = conversation;
  const name = title || 'New conversation';
  if (isRenaming) return <RenameForm conversation={conversation} onDone={() => setRenaming(false)} />;
  return (
    <li className="group/row relative">
      <NavLink
        to={`/c/${id}`}
        onClick={onOpen}
        title={name}
        className="flex min-h-10 items-center rounded-control pr-2 pl-3 text-ink-soft transition-colors duration-120 hover:bg-line/40 hover:text-ink aria-[current=page]:bg-line/60 aria-[current=page]:font-medium aria-[current=page]:text-ink group-focus-within/row:pr-20 group-hover/row:pr-20 pointer-coarse:pr-20"
      >
        <span id={titleId} className="truncate">
          {name}
        </span>
      </NavLink>
      <div className="absolute inset-y-0 right-0.5 flex items-center opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 pointer-coarse:opacity-100">
        <IconButton label="Rename" aria-describedby={titleId} onClick={() => setRenaming(true)} size="narrow">
          <Pencil className="size-4" aria-hidden />
        </IconButton>
        <IconButton label="Delete" aria-describedby={titleId} onClick={onDelete} size="narrow">
          <Trash2 className="size-4" aria-hidden />
        </IconButton>
      </div>
    </li>
  );
}

/** Enter or leaving the field keeps the new title, Escape the old one. */
function RenameForm({ conversation, onDone }: { readonly conversation: Conversation; readonly onDone: () => void }) {
  const rename = useRenameConversation();
  const [title, setTitle] = useState(conversation.title);
  const keep = () => {
    const changed = title.trim();
    if (changed && changed !== conversation.title) rename.mutate({ id: conversation.id, title: changed });
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
          aria-label="Title"
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
