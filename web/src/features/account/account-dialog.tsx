import { X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { z } from 'zod';
import type { me as meSchema } from '#contract/accounts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DeleteAccount } from './delete-account.tsx';
import { PasswordChange } from './password-change.tsx';
import { useAccountActions } from './use-account-actions.ts';

export type Me = z.infer<typeof meSchema>;

interface AccountDialogProps {
  readonly me: Me;
  readonly onClose: () => void;
  /** Ends the session here. */
  readonly onLeave: () => void;
}

type View = 'overview' | 'password' | 'delete';
const titles: Readonly<Record<View, string>> = {
  overview: 'Your account',
  password: 'Change your password',
  delete: 'Delete your account?',
};
const roleNames: Readonly<Record<Me['role'], string>> = {
  guest: 'Guest',
  user: 'User',
  manager: 'Manager',
  admin: 'Administrator',
};

/** Who I am here, and what I can do with that. */
export function AccountDialog({ me, onClose, onLeave }: AccountDialogProps) {
  const [view, setView] = useState<View>('overview');
  return (
    <Dialog label={titles[view]} onClose={onClose}>
      <div className="flex flex-col gap-6">
        <div className="-mt-2 -mr-2 flex items-center gap-2">
          <h2 className="flex-1 font-semibold text-title">{titles[view]}</h2>
          <IconButton label="Close" onClick={onClose}>
            <X className="size-5" aria-hidden />
          </IconButton>
        </div>
        {view === 'overview' && <Overview me={me} onView={setView} onLeave={onLeave} />}
        {view === 'password' && <PasswordChange email={me.email} onDone={onClose} onBack={() => setView('overview')} />}
        {view === 'delete' && <DeleteAccount me={me} onBack={() => setView('overview')} />}
      </div>
    </Dialog>
  );
}

interface OverviewProps {
  readonly me: Me;
  readonly onView: (view: View) => void;
  readonly onLeave: () => void;
}

function Overview({ me, onView, onLeave }: OverviewProps) {
  const { download, leaveEverywhere, isBusy } = useAccountActions();
  return (
    <>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
        <Fact name="Name">{me.name}</Fact>
        {me.email && <Fact name="E-mail">{me.email}</Fact>}
        <Fact name="Role">{roleNames[me.role]}</Fact>
      </dl>
      <div className="flex flex-col gap-2">
        {me.hasPassword && <Button onClick={() => onView('password')}>Change password</Button>}
        <Button disabled={isBusy} onClick={() => void download()}>
          Download my data
        </Button>
      </div>
      <div className="flex flex-col gap-2">
        <Button onClick={onLeave}>{me.role === 'guest' ? 'End session' : 'Sign out'}</Button>
        {me.role !== 'guest' && (
          <Button disabled={isBusy} onClick={() => void leaveEverywhere()}>
            Sign out everywhere
          </Button>
        )}
        <Button look="danger" onClick={() => onView('delete')}>
          Delete account
        </Button>
      </div>
    </>
  );
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <dt className="text-ink-soft">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </>
);
