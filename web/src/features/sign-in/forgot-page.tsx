import { useState } from 'react';
import { useEntry } from '../../api/entry-context.ts';
import { useTitle } from '../../ui/use-title.ts';
import { Door, DoorLink, Elsewhere } from './door.tsx';
import { DoorForm, EmailField } from './door-form.tsx';
import { MailSent } from './register-form.tsx';
import { useSubmit } from './use-submit.ts';

export function ForgotPage() {
  const { openApi } = useEntry();
  const [email, setEmail] = useState('');
  const [sentTo, setSentTo] = useState<string>();
  const { submit, isBusy, error } = useSubmit(async () => {
    await openApi('POST /api/auth/forgot', { body: { email } });
    setSentTo(email);
  });
  useTitle('Set a new password');
  return (
    <Door title="Set a new password" intro="A link to set one comes to the e-mail address of your account.">
      {sentTo !== undefined ? (
        <MailSent
          to={sentTo}
          onBack={() => setSentTo(undefined)}
          text="If an account has this address, its link sets a new password."
        />
      ) : (
        <DoorForm
          onSubmit={() => void submit(undefined)}
          isBusy={isBusy}
          error={error}
          afterError="No mail was sent. Try again in a moment."
          submitText="Send the link"
        >
          <EmailField value={email} onValue={setEmail} autoFocus />
        </DoorForm>
      )}
      <Elsewhere>
        <DoorLink to="/sign-in">Sign in instead</DoorLink>
      </Elsewhere>
    </Door>
  );
}
