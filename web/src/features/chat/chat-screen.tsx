import { Menu, SquarePen } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useMatch, useNavigate } from 'react-router';
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

/** The whole window: conversations at the left (a drawer where it is narrow), the open one beside them. */
export function ChatScreen() {
  const conversationId = useMatch('/c/:conversationId')?.params.conversationId;
  const isWide = useMedia('(min-width: 768px)');
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const closeDrawer = () => setDrawerOpen(false);
  useFollowedAddress(conversationId);
  return (
    <div className="flex h-dvh">
      {isWide && (
        <aside className="w-70 shrink-0 border-line border-r">
          <Sidebar onOpen={closeDrawer} />
        </aside>
      )}
      {!isWide && isDrawerOpen && (
        <Dialog label="Conversations" shape="drawer" onClose={closeDrawer}>
          <Sidebar onOpen={closeDrawer} onClose={closeDrawer} />
        </Dialog>
      )}
      <main
        className={`flex min-w-0 flex-1 flex-col pt-[env(safe-area-inset-top)] pr-[env(safe-area-inset-right)] ${conversationId ? '' : 'glow'}`}
      >
        <Banner />
        <Header conversationId={conversationId} onMenu={isWide ? undefined : () => setDrawerOpen(true)} />
        <ConversationView conversationId={conversationId} />
      </main>
    </div>
  );
}

/** What the operator announces. */
function Banner() {
  const { options } = useSignInOptions();
  if (!options?.banner) return null;
  return (
    <p role="note" className="border-line border-b bg-sunken px-4 py-2 text-small md:px-6">
      {options.banner}
    </p>
  );
}

interface HeaderProps {
  readonly conversationId: string | undefined;
  readonly onMenu: (() => void) | undefined;
}

function Header({ conversationId, onMenu }: HeaderProps) {
  const navigate = useNavigate();
  const { data } = useConversation(conversationId);
  const title = conversationId ? data?.title : undefined;
  useTitle(title);
  return (
    <header
      className={`flex h-14 shrink-0 items-center gap-2 px-2 md:px-6 ${conversationId ? 'border-line border-b' : ''}`}
    >
      {onMenu && (
        <IconButton label="Open conversations" onClick={onMenu}>
          <Menu className="size-5" aria-hidden />
        </IconButton>
      )}
      <h2 className="min-w-0 flex-1 truncate font-medium">{title}</h2>
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
function useFollowedAddress(conversationId: string | undefined): void {
  const { live } = useChat();
  const navigate = useNavigate();
  useEffect(
    () =>
      live.listen((event) => {
        if (event.type === 'began' && conversationId === undefined) void navigate(`/c/${event.conversationId}`);
        if (event.type === 'deleted' && event.conversationId === conversationId) {
          void navigate('/', { replace: true });
          toast('This conversation was deleted in another window.');
        }
      }),
    [live, navigate, conversationId],
  );
}
