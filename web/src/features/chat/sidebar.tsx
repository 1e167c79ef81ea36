import { BookOpen, CalendarClock, SquarePen, X } from 'lucide-react';
import { NavLink, useNavigate } from 'react-router';
import { Button, IconButton } from '../../ui/button.tsx';
import { Lamp } from '../../ui/lamp.tsx';
import { SidebarFoot } from '../account/sidebar-foot.tsx';
import { ConversationList } from './conversation-list.tsx';

/** What there is beside conversations. */
const places = [
  { to: '/stories', name: 'Stories', Icon: BookOpen },
  { to: '/schedules', name: 'Schedules', Icon: CalendarClock },
] as const;

interface SidebarProps {
  /** Something was opened: a drawer closes. */
  readonly onOpen: () => void;
  readonly onClose?: () => void;
}

export function Sidebar({ onOpen, onClose }: SidebarProps) {
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
      <div className="flex flex-col gap-2 px-3 pt-1 pb-3">
        <Button
          onClick={() => {
            onOpen();
            void navigate('/');
          }}
          className="w-full"
        >
          <SquarePen className="size-4" aria-hidden /> New chat
        </Button>
        <nav aria-label="Places" className="flex flex-col gap-0.5">
          {places.map(({ to, name, Icon }) => (
            <NavLink
              key={to}
              to={to}
              onClick={onOpen}
              className="flex min-h-10 items-center gap-3 rounded-control px-3 text-ink-soft transition-colors duration-120 hover:bg-line/40 hover:text-ink aria-[current=page]:bg-line/60 aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              <Icon className="size-4" aria-hidden /> {name}
            </NavLink>
          ))}
        </nav>
      </div>
      <ConversationList onOpen={onOpen} />
      <SidebarFoot />
    </div>
  );
}
