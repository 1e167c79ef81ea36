import { serverOrigin } from '../../api/server-origin.ts';
import { buttonClasses } from '../../ui/button.tsx';

/** Leaves the page for the provider; the server sends whoever signed in there back to it. */
export function ProviderLink({ name }: { readonly name: string }) {
  return (
    <a href={`${serverOrigin()}/api/auth/oidc/start`} className={`${buttonClasses('plain')} min-h-12 text-center`}>
      Continue with {name}
    </a>
  );
}

export const Or = () => (
  <div className="flex items-center gap-4 text-ink-soft text-small" aria-hidden>
    <span className="h-px flex-1 bg-line" />
    or
    <span className="h-px flex-1 bg-line" />
  </div>
);
