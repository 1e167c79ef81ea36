import { Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { sentenceOf } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { FullPage } from '../../ui/full-page.tsx';
import { LanguageChoice } from '../language/language-choice.tsx';
import { type SignInOptions, useSignInOptions } from './sign-in-options.ts';

interface DoorProps {
  readonly title: string;
  readonly intro?: ReactNode;
  /** Before the title: why this page shows. */
  readonly notice?: ReactNode;
  readonly children?: ReactNode;
}

/** A page of somebody who is not signed in: what the operator announces, a title, and one thing to do. */
export function Door({ title, intro, notice, children }: DoorProps) {
  const { options } = useSignInOptions();
  return (
    <FullPage>
      {options?.banner && <Banner text={options.banner} />}
      {notice}
      <div className="flex flex-col gap-2">
        <h1 className="font-serif text-display tracking-[-0.01em]">{title}</h1>
        {intro && <p className="text-ink-soft">{intro}</p>}
      </div>
      {children}
      <LanguageChoice />
    </FullPage>
  );
}

function Banner({ text }: { readonly text: string }) {
  return (
    <div role="note" className="flex gap-3 rounded-card border border-line bg-surface px-4 py-3">
      <Info className="mt-0.5 size-4.5 shrink-0 text-ink-soft" aria-hidden />
      <p dir="auto" className="min-w-0 flex-1 whitespace-pre-line">
        {text}
      </p>
    </div>
  );
}

/** Shows what depends on how people can sign in here, once that is known. */
export function WithOptions({ children }: { readonly children: (options: SignInOptions) => ReactNode }) {
  const { options, error, again } = useSignInOptions();
  const { t } = useTranslation('sign-in');
  if (options) return children(options);
  if (!error) return <div aria-busy="true" className="min-h-40" />;
  return (
    <ErrorNote
      title={t('options.unknown')}
      traceId={error.traceId}
      actions={<Button onClick={again}>{t('options.again')}</Button>}
    >
      {sentenceOf(error)}
    </ErrorNote>
  );
}

/** A line of links to the other doors. */
export const Elsewhere = ({ children }: { readonly children: ReactNode }) => (
  <p className="flex flex-wrap items-center gap-x-4 text-ink-soft">{children}</p>
);

export const DoorLink = ({ to, children }: { readonly to: string; readonly children: ReactNode }) => (
  <Link
    to={to}
    className="inline-flex min-h-10 items-center rounded-control font-medium text-lamp-strong hover:underline"
  >
    {children}
  </Link>
);
