import { Navigate } from 'react-router';
import { useEntry, useSessionState } from '../../api/entry-context.ts';
import { useTitle } from '../../ui/use-title.ts';
import { Door, DoorLink, Elsewhere, WithOptions } from './door.tsx';
import { Or, ProviderLink } from './provider-link.tsx';
import { RegisterForm } from './register-form.tsx';

export function RegisterPage() {
  const entry = useEntry();
  const state = useSessionState(entry);
  useTitle('Create an account');
  if (state.kind === 'active' && state.holder === 'account') return <Navigate to="/" replace />;
  return (
    <Door title="Create an account" intro="Your conversations stay with it, on every device.">
      <WithOptions>
        {({ registration, openId }) => (
          <>
            {registration === 'open' ? (
              <RegisterForm name={entry.session.lastName()} submitText="Create account" />
            ) : (
              <p>
                {registration === 'invite'
                  ? 'Creating an account here needs an invitation. Ask who runs this Lamplight for one; its link comes by mail.'
                  : 'Nobody can create an account here. Ask who runs this Lamplight for one.'}
              </p>
            )}
            {openId && (
              <>
                <Or />
                <ProviderLink name={openId.name} />
              </>
            )}
          </>
        )}
      </WithOptions>
      <Elsewhere>
        <DoorLink to="/sign-in">Sign in instead</DoorLink>
      </Elsewhere>
    </Door>
  );
}
