import { useTranslation } from 'react-i18next';
import { Navigate } from 'react-router';
import type { OpenIdFailure } from '#contract/open-id.ts';
import { useEntry, useSessionState } from '../../api/entry-context.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { Door, DoorLink, Elsewhere, WithOptions } from './door.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { useFragment } from './use-fragment.ts';

export function SignInPage() {
  const state = useSessionState(useEntry());
  const fragment = useFragment();
  const { t } = useTranslation('sign-in');
  useTitle(t('signIn.title'));
  if (state.kind === 'active' && state.holder === 'account') return <Navigate to="/" replace />;
  const isGuest = state.kind === 'active';
  const failure = fragment.get('error');
  return (
    <Door
      title={t('signIn.title')}
      intro={isGuest && t('signIn.asGuest')}
      notice={failure && <ProviderFailure code={failure} traceId={fragment.get('trace')} />}
    >
      <WithOptions>
        {(options) => (
          <div className="flex flex-col gap-1">
            <SignInForm options={options} />
            {(isGuest || options.guests) && (
              <Elsewhere>
                <DoorLink to="/">{t(isGuest ? 'links.back' : 'links.guest')}</DoorLink>
              </Elsewhere>
            )}
          </div>
        )}
      </WithOptions>
    </Door>
  );
}

/** Each has a text of its name, and one that advises. */
const failures: Readonly<Record<OpenIdFailure, true>> = {
  cancelled: true,
  expired: true,
  provider_unavailable: true,
  refused: true,
  no_role: true,
  account_disabled: true,
  other_account: true,
};

const isFailure = (code: string): code is OpenIdFailure => Object.hasOwn(failures, code);

/** Why signing in elsewhere failed. The address names it by a code, so that no link puts words into this page. */
function ProviderFailure({ code, traceId }: { readonly code: string; readonly traceId: string | null }) {
  const { t } = useTranslation('sign-in');
  const failure = isFailure(code) ? code : 'unknown';
  return (
    <ErrorNote
      title={t(`failure.${failure}`)}
      traceId={/^[0-9a-f]{32}$/.test(traceId ?? '') ? (traceId ?? undefined) : undefined}
    >
      {t(`failure.${failure}Advice`)}
    </ErrorNote>
  );
}
