import { LogIn } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEntry, useSessionState } from '../../../api/entry-context.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { WithOptions } from '../../sign-in/door.tsx';
import { SignInForm } from '../../sign-in/sign-in-form.tsx';

/**
 * Where the session of an account ended: asks to sign in over the page, which stays as it is. Whoever only wants to read on
 * puts the question aside and finds it at the top.
 */
export function SessionOver() {
  const isOver = useSessionState(useEntry()).kind === 'ended';
  return isOver ? <SignInAgain /> : null;
}

function SignInAgain() {
  const { t } = useTranslation('chat');
  const [isAsking, setAsking] = useState(true);
  if (!isAsking) {
    return (
      <div
        role="note"
        className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-b bg-sunken px-4 py-2 md:px-6 print:hidden"
      >
        <p className="min-w-40 flex-1 text-small">{t('ended.note')}</p>
        <Button onClick={() => setAsking(true)}>
          <LogIn className="size-4 rtl:-scale-x-100" aria-hidden /> {t('ended.signIn')}
        </Button>
      </div>
    );
  }
  return (
    <Dialog label={t('ended.title')} onClose={() => setAsking(false)}>
      <div className="flex flex-col gap-6">
        <div className="flex flex-col gap-2">
          <h2 className="font-semibold text-title">{t('ended.title')}</h2>
          <p className="text-ink-soft">{t('ended.intro')}</p>
        </div>
        <WithOptions>{(options) => <SignInForm options={options} />}</WithOptions>
        <Button look="quiet" className="-ms-4 self-start" onClick={() => setAsking(false)}>
          {t('ended.readOn')}
        </Button>
      </div>
    </Dialog>
  );
}
