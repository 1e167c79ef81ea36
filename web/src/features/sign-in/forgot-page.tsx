import { type FormEvent, useState } from 'react';
import { useEntry } from '../../api/entry-context.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { Door, DoorLink, Elsewhere } from './door.tsx';
import { MailSent } from './register-form.tsx';
import { SubmitError } from './submit-error.tsx';
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
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit(undefined);
  };
  return (
    <Door title="Set a new password" intro="A link to set one comes to the e-mail address of your account.">
      {sentTo !== undefined ? (
        <MailSent
          to={sentTo}
          onBack={() => setSentTo(undefined)}
          text="If an account has this address, its link sets a new password."
        />
      ) : (
        <form onSubmit={onSubmit} className="flex flex-col gap-6">
          <Field
            label="E-mail"
            type="email"
            name="username"
            value={email}
            onValue={setEmail}
            required
            maxLength={254}
            autoComplete="username"
            autoFocus
          />
          <SubmitError error={error}>No mail was sent. Try again in a moment.</SubmitError>
          <Button look="lamp" type="submit" disabled={isBusy} className="min-h-12 text-[1rem]">
            Send the link
          </Button>
        </form>
      )}
      <Elsewhere>
        <DoorLink to="/sign-in">Sign in instead</DoorLink>
      </Elsewhere>
    </Door>
  );
}
