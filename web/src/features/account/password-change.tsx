import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { useEntry } from '../../api/entry-context.ts';
import { Button } from '../../ui/button.tsx';
import { PasswordField } from '../../ui/field.tsx';
import { SubmitError } from '../sign-in/submit-error.tsx';
import { useSubmit } from '../sign-in/use-submit.ts';
import { useForgetSessions } from './use-my-account.ts';

interface PasswordChangeProps {
  readonly email: string | undefined;
  readonly onDone: () => void;
  readonly onBack: () => void;
}

export function PasswordChange({ email, onDone, onBack }: PasswordChangeProps) {
  const { api } = useEntry();
  const { t } = useTranslation('account');
  const forgetSessions = useForgetSessions();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const { submit, isBusy, error } = useSubmit(async () => {
    await api('POST /api/me/password', { body: { current, password } });
    toast.success(t('password.changed'));
    forgetSessions();
    onDone();
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit(undefined);
  };
  return (
    <form onSubmit={onSubmit} className="flex max-w-104 flex-col gap-6">
      {/* Tells a password manager which of its entries changes. */}
      <input type="text" value={email ?? ''} autoComplete="username" readOnly hidden />
      <PasswordField label={t('password.current')} value={current} onValue={setCurrent} autoFocus />
      <PasswordField label={t('password.new')} isNew value={password} onValue={setPassword} />
      <SubmitError error={error}>
        {t(error?.code === 'wrong_credentials' ? 'password.wrong' : 'password.failed')}
      </SubmitError>
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="quiet" onClick={onBack}>
          {t('password.back')}
        </Button>
        <Button look="lamp" type="submit" disabled={isBusy}>
          {t('password.change')}
        </Button>
      </div>
    </form>
  );
}
