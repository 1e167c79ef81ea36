import { BookOpen, CalendarClock, ChartColumn, Keyboard, NotebookPen, SquarePen, X } from 'lucide-react';
import { memo, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useNavigate } from 'react-router';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Lamp } from '../../../ui/lamp.tsx';
import { SidebarFoot } from '../../account/sidebar-foot.tsx';
import { useChat } from '../chat-context.ts';
import { useMe } from '../use-me.ts';
import { ConversationList } from './conversation-list.tsx';

/** What there is beside conversations. */
const places = [
  { to: '/stories', name: 'sidebar.stories', Icon: BookOpen },
  { to: '/schedules', name: 'sidebar.schedules', Icon: CalendarClock },
  { to: '/prompts', name: 'sidebar.prompts', Icon: NotebookPen },
] as const;
const administration = { to: '/admin', name: 'sidebar.administration', Icon: ChartColumn } as const;

interface SidebarProps {
  readonly filterBox: RefObject<HTMLInputElement | null>;
  /** Something was opened: a drawer closes. */
  readonly onOpen: (conversationId?: string) => void;
  readonly onClose?: () => void;
}

export const Sidebar = memo(function Sidebar({ filterBox, onOpen, onClose }: SidebarProps) {
  const { t } = useTranslation('chat');
  const { commands } = useChat();
  const navigate = useNavigate();
  const { data: me } = useMe();
  const seen = me?.role === 'manager' || me?.role === 'admin' ? [...places, administration] : places;
  return (
    <div className="flex h-full flex-col bg-sunken ps-[env(safe-area-inset-left)] pt-[env(safe-area-inset-top)] pb-[env(safe-area-inset-bottom)] rtl:ps-[env(safe-area-inset-right)]">
      <div className="flex h-14 shrink-0 items-center gap-2 pe-2 ps-5">
        <Lamp className="size-6" />
        <span className="flex-1 font-semibold tracking-tight">Lamplight</span>
        {!onClose && (
          <IconButton
            label={t('sidebar.shortcuts')}
            aria-keyshortcuts="?"
            onClick={() => commands.run('showShortcuts')}
            className="pointer-coarse:hidden"
          >
            <Keyboard className="size-4.5" aria-hidden />
          </IconButton>
        )}
        {onClose && (
          <IconButton label={t('sidebar.close')} onClick={onClose}>
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
          <SquarePen className="size-4" aria-hidden /> {t('sidebar.newChat')}
        </Button>
        <nav aria-label={t('sidebar.places')} className="flex flex-col gap-0.5">
          {seen.map(({ to, name, Icon }) => (
            <NavLink
              key={to}
              to={to}
              onClick={() => onOpen()}
              className="flex min-h-10 items-center gap-3 rounded-control px-3 text-ink-soft transition-colors duration-120 hover:bg-line/40 hover:text-ink aria-[current=page]:bg-line/60 aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              <Icon className="size-4" aria-hidden /> {t(name)}
            </NavLink>
          ))}
        </nav>
      </div>
      <ConversationList filterBox={filterBox} onOpen={onOpen} />
      <SidebarFoot onOpen={() => onOpen()} />
    </div>
  );
});
