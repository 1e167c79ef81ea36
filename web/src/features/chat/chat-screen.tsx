import { Menu, SquarePen } from 'lucide-react';
import { type ReactNode, Suspense, useEffect, useState } from 'react';
import { Outlet, useMatch, useNavigate } from 'react-router';
import { toast } from 'sonner';
import { IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { useTitle } from '../../ui/use-title.ts';
import { useSignInOptions } from '../sign-in/sign-in-options.ts';
import { useChat } from './chat-context.ts';
import { ConnectionState } from './connection-state.tsx';
import { ConversationView } from './conversation-view.tsx';
import { Sidebar } from './sidebar.tsx';
import { useConversation } from './use-conversations.ts';

/** The whole window: conversations at the left (a drawer where it is narrow), the open one, or another place, beside them. */
export function ChatScreen() {
  const conversationId = useMatch('/c/:conversationId')?.params.conversationId;
  const isNew = useMatch('/') !== null;
  const isChat = isNew || conversationId !== undefined;
  const isWide = useMedia('(min-width: 768px)');
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const closeDrawer = () => setDrawerOpen(false);
  useFollowedAddress(conversationId, isNew);
  const onMenu = isWide ? undefined : () => setDrawerOpen(true);
  return (
    <div className="flex h-dvh print:block print:h-auto">
      {isWide && (
        <aside className="w-70 shrink-0 border-line border-r print:hidden">
          <Sidebar onOpen={closeDrawer} />
        </aside>
      )}
      {!isWide && isDrawerOpen && (
        <Dialog label="Conversations" shape="drawer" onClose={closeDrawer}>
          <Sidebar onOpen={closeDrawer} onClose={closeDrawer} />
        </Dialog>
      )}
      <main
        className={`flex min-w-0 flex-1 flex-col print:block pt-[env(safe-area-inset-top)] pr-[env(safe-area-inset-right)] ${isNew ? 'glow' : ''}`}
      >
        <Banner />
        {isChat ? (
          <>
            <ChatHeader conversationId={conversationId} onMenu={onMenu} />
            <ConversationView conversationId={conversationId} />
          </>
        ) : (
          <>
            <Header onMenu={onMenu} />
            <Suspense fallback={null}>
              <Outlet />
            </Suspense>
          </>
        )}
      </main>
    </div>
  );
}

/** What the operator announces. */
function Banner() {
  const { options } = useSignInOptions();
  if (!options?.banner) return null;
  return (
    <p role="note" className="border-line border-b bg-sunken px-4 py-2 text-small md:px-6 print:hidden">
      {options.banner}
    </p>
  );
}

interface ChatHeaderProps {
  readonly conversationId: string | undefined;
  readonly onMenu: (() => void) | undefined;
}

function ChatHeader({ conversationId, onMenu }: ChatHeaderProps) {
  const { data } = useConversation(conversationId);
  const title = conversationId ? data?.title : undefined;
  useTitle(title);
  return (
    <Header onMenu={onMenu} isLined={conversationId !== undefined}>
      {title}
    </Header>
  );
}

interface HeaderProps {
  readonly onMenu: (() => void) | undefined;
  readonly isLined?: boolean;
  readonly children?: ReactNode;
}

function Header({ onMenu, isLined = false, children }: HeaderProps) {
  const navigate = useNavigate();
  return (
    <header
      className={`flex h-14 shrink-0 items-center gap-2 px-2 md:px-6 print:hidden ${isLined ? 'border-line border-b' : ''}`}
    >
      {onMenu && (
        <IconButton label="Open conversations" onClick={onMenu}>
          <Menu className="size-5" aria-hidden />
        </IconButton>
      )}
      <div className="min-w-0 flex-1">{children && <h2 className="truncate font-medium">{children}</h2>}</div>
      <ConnectionState />
      {onMenu && (
        <IconButton label="New chat" onClick={() => void navigate('/')}>
          <SquarePen className="size-5" aria-hidden />
        </IconButton>
      )}
    </header>
  );
}

/** The address follows what happens: a conversation that began here gets its own, a deleted one is left. */
function useFollowedAddress(conversationId: string | undefined, isNew: boolean): void {
  const { live } = useChat();
  const navigate = useNavigate();
  useEffect(
    () =>
      live.listen((event) => {
        if (event.type === 'began' && isNew) void navigate(`/c/${event.conversationId}`);
        if (event.type === 'deleted' && event.conversationId === conversationId) {
          void navigate('/', { replace: true });
          toast('This conversation was deleted in another window.');
        }
      }),
    [live, navigate, conversationId, isNew],
  );
}
