import { type FormEvent, useState } from 'react';
import { useEntry } from '../../api/entry-context.ts';
import { Button } from '../../ui/button.tsx';
import { PasswordField } from '../../ui/field.tsx';
import { useChat } from '../chat/chat-context.ts';
import { SubmitError } from '../sign-in/submit-error.tsx';
import { useSubmit } from '../sign-in/use-submit.ts';
import type { Me } from './account-dialog.tsx';

interface DeleteAccountProps {
  readonly me: Me;
  readonly onBack: () => void;
}

/** Asks once more, and for the password where there is one. */
export function DeleteAccount({ me, onBack }: DeleteAccountProps) {
  const { session, api } = useEntry();
  const { drafts } = useChat();
  const [password, setPassword] = useState('');
  const { submit, isBusy, error } = useSubmit(async () => {
    await session.endBy(() => api('POST /api/me/delete', { body: me.hasPassword ? { password } : {} }));
    drafts.clear();
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit(undefined);
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-6">
      <p>
        Your conversations and everything else that is kept of you are removed. This cannot be undone; download your
        data first if you may want it.
      </p>
      {me.hasPassword && <PasswordField value={password} onValue={setPassword} autoFocus />}
      <SubmitError error={error}>
        {error?.code === 'wrong_credentials' ? 'The password is another one. ' : ''}Nothing was deleted.
      </SubmitError>
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="quiet" onClick={onBack}>
          Keep it
        </Button>
        <Button look="danger" type="submit" disabled={isBusy}>
          Delete account
        </Button>
      </div>
    </form>
  );
}
