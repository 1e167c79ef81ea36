import { lazy, Suspense, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { useSignInOptions } from '../sign-in/sign-in-options.ts';

const KeepDialog = lazy(async () => ({ default: (await import('../account/keep-dialog.tsx')).KeepDialog }));

/** Guests go, and have no address: the clock writes for people with an account. */
export function GuestNote({ name }: { readonly name: string }) {
  const { options } = useSignInOptions();
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="flex flex-col items-start gap-3 rounded-card border border-line bg-surface p-6">
      <h2 className="font-serif text-[1.625rem] leading-8">The clock needs an account</h2>
      <p className="text-ink-soft">
        You are here as a guest. With an account a story can be written every evening, and come to you by mail.
        {options?.registration === 'open'
          ? ' All that you have here stays with it.'
          : ' Ask whoever runs this Lamplight for one.'}
      </p>
      {options?.registration === 'open' && (
        <Button look="lamp" onClick={() => setOpen(true)}>
          Create an account
        </Button>
      )}
      <Suspense fallback={null}>{isOpen && <KeepDialog name={name} onClose={() => setOpen(false)} />}</Suspense>
    </section>
  );
}
