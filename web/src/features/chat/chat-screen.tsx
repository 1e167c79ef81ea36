import { Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, useLocation, useNavigate } from 'react-router';
import { useEntry } from '../../api/entry-context.ts';
import { Banner } from '../../ui/banner.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { SkipLink } from '../../ui/skip-link.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { useSignInOptions } from '../sign-in/sign-in-options.ts';
import { ChatHeader, Header } from './chat-header.tsx';
import { ConversationView } from './conversation-view.tsx';
import { useCommand } from './keys/use-command.ts';
import { useShortcuts } from './keys/use-shortcuts.ts';
import { LaterPart } from './later-part.tsx';
import { SessionOver } from './live/session-over.tsx';
import { Sidebar } from './sidebar/sidebar.tsx';
import { useOpenConversation } from './use-open-conversation.ts';

const loadShortcuts = async () => (await import('./keys/shortcuts-dialog.tsx')).ShortcutsDialog;

/** What stands below the header, and takes the focus for all of it. */
const contentId = 'content';

/** The announcement that was put away in this browser. */
const seenBannerKey = 'lamplight.seenBanner';

/** The whole window: conversations at the left (a drawer where it is narrow), the open one, or another place, beside them. */
export function ChatScreen() {
  const { t } = useTranslation('chat');
  const { conversationId, isNew, open } = useOpenConversation();
  const { pathname } = useLocation();
  const isChat = isNew || conversationId !== undefined;
  const isWide = useMedia('(min-width: 768px)');
  const { isDrawerOpen, setDrawerOpen, filterBox, areShortcutsShown, hideShortcuts } = useScreenCommands(isWide);
  const closeDrawer = useCallback(() => setDrawerOpen(false), [setDrawerOpen]);
  const opened = useCallback(
    (id?: string) => {
      closeDrawer();
      if (id) open(id);
    },
    [closeDrawer, open],
  );
  const onMenu = isWide ? undefined : () => setDrawerOpen(true);
  return (
    <div className="flex h-dvh print:block print:h-auto">
      <SkipLink to={contentId}>{t(isChat ? 'screen.skipToConversation' : 'screen.skipToContent')}</SkipLink>
      {isWide && (
        <aside className="w-70 shrink-0 border-line border-e print:hidden">
          <Sidebar filterBox={filterBox} onOpen={opened} />
        </aside>
      )}
      {!isWide && isDrawerOpen && (
        <Dialog label={t('sidebar.conversations')} shape="drawer" onClose={closeDrawer}>
          <Sidebar filterBox={filterBox} onOpen={opened} onClose={closeDrawer} />
        </Dialog>
      )}
      <main
        className={`flex min-w-0 flex-1 flex-col print:block pt-[env(safe-area-inset-top)] pr-[env(safe-area-inset-right)] max-md:pl-[env(safe-area-inset-left)] rtl:pl-[env(safe-area-inset-left)] ${isNew ? 'glow' : ''}`}
      >
        <Announcement />
        <SessionOver />
        {isChat ? <ChatHeader conversationId={conversationId} onMenu={onMenu} /> : <Header onMenu={onMenu} />}
        <div
          id={contentId}
          tabIndex={-1}
          className="flex min-h-0 flex-1 flex-col focus-visible:-outline-offset-2 print:block"
        >
          <ErrorBoundary area={pathname}>
            {isChat ? (
              <ConversationView conversationId={conversationId} />
            ) : (
              <Suspense fallback={null}>
                <Outlet />
              </Suspense>
            )}
          </ErrorBoundary>
        </div>
      </main>
      {areShortcutsShown && <LaterPart load={loadShortcuts} props={{ onClose: hideShortcuts }} />}
    </div>
  );
}

/** What the keyboard can do with the frame, and what that shows. */
function useScreenCommands(isWide: boolean) {
  const navigate = useNavigate();
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const [areShortcutsShown, setShortcutsShown] = useState(false);
  const [seeksFilter, setSeeksFilter] = useState(false);
  const filterBox = useRef<HTMLInputElement>(null);
  useShortcuts();
  useCommand('newChat', () => void navigate('/'));
  useCommand('showShortcuts', () => setShortcutsShown(true));
  useCommand('toggleSidebar', isWide ? undefined : () => setDrawerOpen((isOpen) => !isOpen));
  useCommand('filter', () => {
    setDrawerOpen(!isWide);
    setSeeksFilter(true);
  });
  useEffect(() => {
    if (!seeksFilter) return;
    filterBox.current?.focus();
    setSeeksFilter(false);
  }, [seeksFilter]);
  return { isDrawerOpen, setDrawerOpen, filterBox, areShortcutsShown, hideShortcuts: () => setShortcutsShown(false) };
}

/** What the operator announces, until it is put away. Another announcement shows again. */
function Announcement() {
  const { options } = useSignInOptions();
  const { storage } = useEntry();
  const [seen, setSeen] = useState(() => storage.getItem(seenBannerKey));
  const text = options?.banner;
  if (!text || text === seen) return null;
  const putAway = () => {
    storage.setItem(seenBannerKey, text);
    setSeen(text);
    // Its button goes with it, and the focus would be nowhere.
    document.getElementById(contentId)?.focus();
  };
  return <Banner text={text} onPutAway={putAway} />;
}
