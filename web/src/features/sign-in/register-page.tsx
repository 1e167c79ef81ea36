import { useTranslation } from 'react-i18next';
import { Navigate } from 'react-router';
import { useEntry, useSessionState } from '../../api/entry-context.ts';
import { useTitle } from '../../ui/use-title.ts';
import { Door, DoorLink, Elsewhere, WithOptions } from './door.tsx';
import { Or, ProviderLink } from './provider-link.tsx';
import { RegisterForm } from './register-form.tsx';

export function RegisterPage() {
  const entry = useEntry();
  const state = useSessionState(entry);
  const { t } = useTranslation('sign-in');
  useTitle(t('register.title'));
  if (state.kind === 'active' && state.holder === 'account') return <Navigate to="/" replace />;
  return (
    <Door title={t('register.title')} intro={t('register.intro')}>
      <WithOptions>
        {({ registration, openId }) => (
          <>
            {registration === 'open' ? (
              <RegisterForm name={entry.session.lastName()} submitText={t('register.submit')} />
            ) : (
              <p>{t(registration === 'invite' ? 'register.invite' : 'register.closed')}</p>
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
        <DoorLink to="/sign-in">{t('links.signIn')}</DoorLink>
      </Elsewhere>
    </Door>
  );
}
