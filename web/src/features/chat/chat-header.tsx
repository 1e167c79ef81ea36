import { Menu, SquarePen } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { ApiError } from '../../api/api-error.ts';
import { IconButton } from '../../ui/button.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { ConnectionState } from './live/connection-state.tsx';
import { useOutbox } from './live/use-store.ts';
import { useConversation } from './sidebar/use-conversations.ts';

interface ChatHeaderProps {
  readonly conversationId: string | undefined;
  /** Opens the drawer, where there is one. */
  readonly onMenu: (() => void) | undefined;
}

/** The header of a conversation, or of a new one: names the window too. */
export function ChatHeader({ conversationId, onMenu }: ChatHeaderProps) {
  const { t } = useTranslation('chat');
  const { data, error } = useConversation(conversationId);
  // Until then the greeting is the heading.
  const waits = useOutbox().some((message) => message.conversationId === undefined);
  // What stands in its place has a heading of its own.
  const isMissing = error instanceof ApiError && error.code === 'not_found';
  const title = conversationId ? data?.title : undefined;
  useTitle(title);
  if (!conversationId)
    return <Header onMenu={onMenu}>{waits && <h1 className="sr-only">{t('conversation.untitled')}</h1>}</Header>;
  return (
    <Header onMenu={onMenu} isLined>
      {!isMissing && (
        <h1
          dir="auto"
          className={
            title ? 'w-fit max-w-full truncate font-medium print:whitespace-normal print:text-title' : 'sr-only'
          }
        >
          {title || t('conversation.untitled')}
        </h1>
      )}
    </Header>
  );
}

interface HeaderProps {
  readonly onMenu: (() => void) | undefined;
  readonly isLined?: boolean;
  readonly children?: ReactNode;
}

export function Header({ onMenu, isLined = false, children }: HeaderProps) {
  const { t } = useTranslation('chat');
  const navigate = useNavigate();
  return (
    <header
      // On paper there is the title alone.
      className={`flex h-14 shrink-0 items-center gap-2 px-2 md:px-6 print:h-auto print:px-4 ${isLined ? 'border-line border-b print:border-0' : 'print:hidden'}`}
    >
      {onMenu && (
        <IconButton label={t('screen.openConversations')} onClick={onMenu} className="print:hidden">
          <Menu className="size-5" aria-hidden />
        </IconButton>
      )}
      <div className="min-w-0 flex-1">{children}</div>
      <ConnectionState />
      {onMenu && (
        <IconButton label={t('sidebar.newChat')} onClick={() => void navigate('/')} className="print:hidden">
          <SquarePen className="size-5" aria-hidden />
        </IconButton>
      )}
    </header>
  );
}
