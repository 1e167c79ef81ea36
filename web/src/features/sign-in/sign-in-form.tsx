import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEntry } from '../../api/entry-context.ts';
import { PasswordField } from '../../ui/field.tsx';
import { DoorLink, Elsewhere } from './door.tsx';
import { DoorForm, EmailField } from './door-form.tsx';
import { Or, ProviderLink } from './provider-link.tsx';
import type { SignInOptions } from './sign-in-options.ts';
import { useSubmit } from './use-submit.ts';

/** E-mail address and password, and the ways for those who have none of them. */
export function SignInForm({ options }: { readonly options: SignInOptions }) {
  const { session, openApi } = useEntry();
  const { t } = useTranslation('sign-in');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { submit, isBusy, error } = useSubmit(() =>
    session.begin('account', () => openApi('POST /api/auth/token', { body: { username: email, password } })),
  );
  return (
    <div className="flex flex-col gap-6">
      <DoorForm
        onSubmit={() => void submit(undefined)}
        isBusy={isBusy}
        error={error}
        afterError={t(error?.code === 'wrong_credentials' ? 'signIn.wrong' : 'signIn.failed')}
        submitText={t('signIn.submit')}
      >
        <EmailField value={email} onValue={setEmail} autoFocus />
        <PasswordField value={password} onValue={setPassword} />
      </DoorForm>
      {options.openId && (
        <>
          <Or />
          <ProviderLink name={options.openId.name} />
        </>
      )}
      <Elsewhere>
        <DoorLink to="/forgot">{t('links.forgot')}</DoorLink>
        {options.registration === 'open' && <DoorLink to="/register">{t('links.register')}</DoorLink>}
      </Elsewhere>
    </div>
  );
}
