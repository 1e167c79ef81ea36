import { useTranslation } from 'react-i18next';
import { serverOrigin } from '../../api/server-origin.ts';
import { buttonClasses } from '../../ui/button.tsx';

/** Leaves the page for the provider; the server sends whoever signed in there back to it. */
export function ProviderLink({ name }: { readonly name: string }) {
  const { t } = useTranslation('sign-in');
  return (
    <a href={`${serverOrigin()}/api/auth/oidc/start`} className={`${buttonClasses('plain')} min-h-12 text-center`}>
      {t('options.provider', { name })}
    </a>
  );
}

export function Or() {
  const { t } = useTranslation('sign-in');
  return (
    <div className="flex items-center gap-4 text-ink-soft text-small" aria-hidden>
      <span className="h-px flex-1 bg-line" />
      {t('options.or')}
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}
