import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEntry } from '../../api/entry-context.ts';
import { useTitle } from '../../ui/use-title.ts';
import { Door, DoorLink, Elsewhere } from './door.tsx';
import { DoorForm, EmailField } from './door-form.tsx';
import { MailSent } from './register-form.tsx';
import { useSubmit } from './use-submit.ts';

export function ForgotPage() {
  const { openApi } = useEntry();
  const { t } = useTranslation('sign-in');
  const [email, setEmail] = useState('');
  const [sentTo, setSentTo] = useState<string>();
  const { submit, isBusy, error } = useSubmit(async () => {
    await openApi('POST /api/auth/forgot', { body: { email } });
    setSentTo(email);
  });
  useTitle(t('forgot.title'));
  return (
    <Door title={t('forgot.title')} intro={t('forgot.intro')}>
      {sentTo !== undefined ? (
        <MailSent to={sentTo} onBack={() => setSentTo(undefined)} text={t('forgot.next')} />
      ) : (
        <DoorForm
          onSubmit={() => void submit(undefined)}
          isBusy={isBusy}
          error={error}
          afterError={t('forgot.failed')}
          submitText={t('forgot.submit')}
        >
          <EmailField value={email} onValue={setEmail} autoFocus />
        </DoorForm>
      )}
      <Elsewhere>
        <DoorLink to="/sign-in">{t('links.signIn')}</DoorLink>
      </Elsewhere>
    </Door>
  );
}
