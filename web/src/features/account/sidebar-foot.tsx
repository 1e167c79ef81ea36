import { BookmarkPlus, LogOut } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useEntry } from '../../api/entry-context.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ThemeChoice } from '../../ui/theme-choice.tsx';
import { useChat } from '../chat/chat-context.ts';
import { useMe } from '../chat/use-me.ts';
import { useSignInOptions } from '../sign-in/sign-in-options.ts';

const AccountDialog = lazy(async () => ({ default: (await import('./account-dialog.tsx')).AccountDialog }));
const KeepDialog = lazy(async () => ({ default: (await import('./keep-dialog.tsx')).KeepDialog }));

/** Who is here, the way to the account and out of it; for guests, the way to keep what they have. */
export function SidebarFoot() {
  const { session } = useEntry();
  const { drafts, outbox } = useChat();
  const { data: me } = useMe();
  const [open, setOpen] = useState<'account' | 'keep'>();
  const isGuest = me?.role === 'guest';
  const { options } = useSignInOptions();
  const close = () => setOpen(undefined);
  const leave = () => {
    drafts.clear();
    outbox.clear();
    void session.leave();
  };
  return (
    <div className="flex shrink-0 flex-col gap-1 border-line border-t py-2">
      {isGuest && options?.registration === 'open' && (
        <Button className="mx-3 my-1" onClick={() => setOpen('keep')}>
          <BookmarkPlus className="size-4" aria-hidden /> Keep my conversations
        </Button>
      )}
      <div className="flex items-center gap-1 pr-2 pl-2">
        <Button
          look="quiet"
          disabled={!me}
          title="Your account"
          aria-label={me && `Your account: ${me.name}`}
          onClick={() => setOpen('account')}
          className="min-w-0 flex-1 !justify-start !px-3"
        >
          <span className="truncate text-ink">{me?.name}</span>
        </Button>
        <ThemeChoice />
        <IconButton label={isGuest ? 'End session' : 'Sign out'} onClick={leave}>
          <LogOut className="size-4.5" aria-hidden />
        </IconButton>
      </div>
      <Suspense fallback={null}>
        {me && open === 'account' && <AccountDialog me={me} onClose={close} onLeave={leave} />}
        {me && open === 'keep' && <KeepDialog name={me.name} onClose={close} />}
      </Suspense>
    </div>
  );
}
