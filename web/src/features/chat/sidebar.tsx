import { LogOut, SquarePen, X } from 'lucide-react';
import { useNavigate } from 'react-router';
import type { Session } from '../../api/session.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Lamp } from '../../ui/lamp.tsx';
import { ThemeChoice } from '../../ui/theme-choice.tsx';
import { useChat } from './chat-context.ts';
import { ConversationList } from './conversation-list.tsx';
import { useMe } from './use-me.ts';

interface SidebarProps {
  readonly session: Session;
  /** Something was opened: a drawer closes. */
  readonly onOpen: () => void;
  readonly onClose?: () => void;
}

export function Sidebar({ session, onOpen, onClose }: SidebarProps) {
  const navigate = useNavigate();
  return (
    <div className="flex h-full flex-col bg-sunken pt-[env(safe-area-inset-top)] pb-[env(safe-area-inset-bottom)] pl-[env(safe-area-inset-left)]">
      <div className="flex h-14 shrink-0 items-center gap-2 pr-2 pl-5">
        <Lamp className="size-6" />
        <span className="flex-1 font-semibold tracking-tight">Lamplight</span>
        {onClose && (
          <IconButton label="Close" onClick={onClose}>
            <X className="size-5" aria-hidden />
          </IconButton>
        )}
      </div>
      <div className="px-3 pt-1 pb-3">
        <Button
          onClick={() => {
            onOpen();
            void navigate('/');
          }}
          className="w-full"
        >
          <SquarePen className="size-4" aria-hidden /> New chat
        </Button>
      </div>
      <ConversationList onOpen={onOpen} />
      <Foot session={session} />
    </div>
  );
}

function Foot({ session }: { readonly session: Session }) {
  const { api, drafts, outbox } = useChat();
  const me = useMe();
  const leave = async () => {
    drafts.clear();
    outbox.clear();
    // Here the session is over at once; where the server did not hear of it, it ends there by itself.
    await api('POST /api/auth/logout', {}).catch(() => undefined);
    session.leave();
  };
  return (
    <div className="flex shrink-0 items-center gap-1 border-line border-t py-2 pr-2 pl-5">
      <span className="min-w-0 flex-1 truncate font-medium">{me.data?.name}</span>
      <ThemeChoice />
      <IconButton label="End session" onClick={() => void leave()}>
        <LogOut className="size-4.5" aria-hidden />
      </IconButton>
    </div>
  );
}
