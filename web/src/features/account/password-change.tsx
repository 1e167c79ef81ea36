import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { useEntry } from '../../api/entry-context.ts';
import { Button } from '../../ui/button.tsx';
import { PasswordField } from '../../ui/field.tsx';
import { SubmitError } from '../sign-in/submit-error.tsx';
import { useSubmit } from '../sign-in/use-submit.ts';

interface PasswordChangeProps {
  readonly email: string | undefined;
  readonly onDone: () => void;
  readonly onBack: () => void;
}

export function PasswordChange({ email, onDone, onBack }: PasswordChangeProps) {
  const { api } = useEntry();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const { submit, isBusy, error } = useSubmit(async () => {
    await api('POST /api/me/password', { body: { current, password } });
    toast.success('Your password is changed. You are signed out everywhere else.');
    onDone();
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit(undefined);
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-6">
      {/* Tells a password manager which of its entries changes. */}
      <input type="text" value={email ?? ''} autoComplete="username" readOnly hidden />
      <PasswordField label="Current password" value={current} onValue={setCurrent} autoFocus />
      <PasswordField label="New password" isNew value={password} onValue={setPassword} />
      <SubmitError error={error}>
        {error?.code === 'wrong_credentials'
          ? 'The current password is another one. Your password stays as it was.'
          : 'Your password stays as it was.'}
      </SubmitError>
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="quiet" onClick={onBack}>
          Back
        </Button>
        <Button look="lamp" type="submit" disabled={isBusy}>
          Change password
        </Button>
      </div>
    </form>
  );
}
