import { MailOpen } from 'lucide-react';
import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useEntry } from '../../api/entry-context.ts';
import { Button } from '../../ui/button.tsx';
import { Field, PasswordField } from '../../ui/field.tsx';
import { DoorForm, EmailField } from './door-form.tsx';
import { here } from './here.ts';
import { useSubmit } from './use-submit.ts';

interface RegisterFormProps {
  readonly name: string;
  readonly submitText: string;
}

/** Asks for an account; the rest comes by mail. A guest's request carries the guest's token, so that the conversations stay. */
export function RegisterForm({ name: given, submitText }: RegisterFormProps) {
  const { api } = useEntry();
  const { t } = useTranslation('sign-in');
  const [name, setName] = useState(given);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [sentTo, setSentTo] = useState<string>();
  const { submit, isBusy, error } = useSubmit(async () => {
    await api('POST /api/auth/register', { body: { name, email, password, ...here() } });
    setSentTo(email);
  });
  if (sentTo !== undefined) {
    return <MailSent to={sentTo} onBack={() => setSentTo(undefined)} text={t('register.next')} />;
  }
  return (
    <DoorForm
      onSubmit={() => void submit(undefined)}
      isBusy={isBusy}
      error={error}
      afterError={t('register.failed')}
      submitText={submitText}
    >
      <Field label={t('field.name')} value={name} onValue={setName} required maxLength={60} autoComplete="name" />
      <EmailField value={email} onValue={setEmail} />
      <PasswordField isNew value={password} onValue={setPassword} />
    </DoorForm>
  );
}

interface MailSentProps {
  readonly to: string;
  readonly text: string;
  readonly onBack: () => void;
}

/** The request was taken. It looks the same whoever has an account. */
export function MailSent({ to, text, onBack }: MailSentProps) {
  const { t } = useTranslation('sign-in');
  return (
    <div role="status" className="flex gap-3 rounded-card border border-line bg-surface px-4 py-3">
      <MailOpen className="mt-0.5 size-4.5 shrink-0 text-good" aria-hidden />
      <div className="flex min-w-0 flex-col gap-2">
        <p className="font-medium">{t('mail.title')}</p>
        <p className="text-ink-soft">
          <Trans
            t={t}
            i18nKey="mail.sent"
            values={{ to }}
            components={{ to: <strong className="font-medium text-ink" dir="ltr" /> }}
          />{' '}
          {text} {t('mail.late')}
        </p>
        <Button onClick={onBack} className="self-start">
          {t('mail.change')}
        </Button>
      </div>
    </div>
  );
}
