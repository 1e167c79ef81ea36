import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEntry } from '../../api/entry-context.ts';
import { Button } from '../../ui/button.tsx';
import { PasswordField } from '../../ui/field.tsx';
import { SubmitError } from '../sign-in/submit-error.tsx';
import { useSubmit } from '../sign-in/use-submit.ts';
import type { Me } from './use-my-account.ts';

interface DeleteAccountProps {
  readonly me: Me;
  readonly onBack: () => void;
}

/** Asks once more, and for the password where there is one. */
export function DeleteAccount({ me, onBack }: DeleteAccountProps) {
  const { session, api } = useEntry();
  const { t } = useTranslation('account');
  const [password, setPassword] = useState('');
  const { submit, isBusy, error } = useSubmit(async () => {
    await session.endBy(() => api('POST /api/me/delete', { body: me.hasPassword ? { password } : {} }));
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit(undefined);
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-6">
      <p>{t('delete.explained')}</p>
      {me.hasPassword && <PasswordField value={password} onValue={setPassword} autoFocus />}
      <SubmitError error={error}>
        {t(error?.code === 'wrong_credentials' ? 'delete.wrong' : 'delete.failed')}
      </SubmitError>
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="quiet" onClick={onBack}>
          {t('delete.keep')}
        </Button>
        <Button look="danger" type="submit" disabled={isBusy}>
          {t('delete.submit')}
        </Button>
      </div>
    </form>
  );
}
