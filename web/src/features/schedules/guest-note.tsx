import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { useSignInOptions } from '../sign-in/sign-in-options.ts';

const KeepDialog = lazy(async () => ({ default: (await import('../account/keep-dialog.tsx')).KeepDialog }));

/** Guests go, and have no address: the clock writes for people with an account. */
export function GuestNote({ name }: { readonly name: string }) {
  const { t } = useTranslation('schedules');
  const { options } = useSignInOptions();
  const isRegistrable = options?.registration === 'open';
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="flex flex-col items-start gap-3 rounded-card border border-line bg-surface p-6">
      <h2 className="font-serif text-heading">{t('guest.title')}</h2>
      <p className="text-ink-soft">
        {t('guest.why')} {t(isRegistrable ? 'guest.open' : 'guest.closed')}
      </p>
      {isRegistrable && (
        <Button look="lamp" onClick={() => setOpen(true)}>
          {t('guest.create')}
        </Button>
      )}
      <Suspense fallback={null}>{isOpen && <KeepDialog name={name} onClose={() => setOpen(false)} />}</Suspense>
    </section>
  );
}
