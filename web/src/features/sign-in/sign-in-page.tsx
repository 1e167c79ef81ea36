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
  useTitle('Sign in');
  if (state.kind === 'active' && state.holder === 'account') return <Navigate to="/" replace />;
  const isGuest = state.kind === 'active';
  const failure = fragment.get('error');
  return (
    <Door
      title="Sign in"
      intro={
        isGuest &&
        'You are here as a guest. What you wrote as a guest does not come with you; to keep it, create an account from the chat instead.'
      }
      notice={failure && <ProviderFailure code={failure} traceId={fragment.get('trace')} />}
    >
      <WithOptions>
        {(options) => (
          <div className="flex flex-col gap-1">
            <SignInForm options={options} />
            {(isGuest || options.guests) && (
              <Elsewhere>
                <DoorLink to="/">{isGuest ? 'Back to the chat' : 'Go on without an account'}</DoorLink>
              </Elsewhere>
            )}
          </div>
        )}
      </WithOptions>
    </Door>
  );
}

interface Words {
  readonly title: string;
  readonly advice: string;
}

const failures: Readonly<Record<OpenIdFailure, Words>> = {
  cancelled: { title: 'You are not signed in', advice: 'The sign-in was cancelled. Begin it again when you like.' },
  expired: {
    title: 'The sign-in took too long, or was begun elsewhere',
    advice: 'Begin it again from this page, in this browser.',
  },
  provider_unavailable: {
    title: 'The sign-in service cannot be reached',
    advice: 'Try again in a few minutes.',
  },
  refused: {
    title: 'The sign-in service’s answer could not be trusted',
    advice: 'Try again. If it stays, report it with the trace ID.',
  },
  no_role: {
    title: 'You are not admitted here',
    advice: 'You signed in, but nobody gave you a role in this Lamplight. Ask who runs it.',
  },
  account_disabled: {
    title: 'An administrator has disabled this account',
    advice: 'Ask who runs this Lamplight.',
  },
  other_account: {
    title: 'Your e-mail address belongs to another account here',
    advice: 'That account signs in with another identity. Ask who runs this Lamplight.',
  },
};
const unknownFailure: Words = {
  title: 'You could not be signed in',
  advice: 'Try again. If it stays, report it with the trace ID.',
};

const isFailure = (code: string): code is OpenIdFailure => Object.hasOwn(failures, code);

/** Why signing in elsewhere failed. The address names it by a code, so that no link puts words into this page. */
function ProviderFailure({ code, traceId }: { readonly code: string; readonly traceId: string | null }) {
  const { title, advice } = isFailure(code) ? failures[code] : unknownFailure;
  return (
    <ErrorNote title={title} traceId={/^[0-9a-f]{32}$/.test(traceId ?? '') ? (traceId ?? undefined) : undefined}>
      {advice}
    </ErrorNote>
  );
}
