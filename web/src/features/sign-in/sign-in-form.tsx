import { type FormEvent, useState } from 'react';
import { useEntry } from '../../api/entry-context.ts';
import { Button } from '../../ui/button.tsx';
import { Field, PasswordField } from '../../ui/field.tsx';
import { DoorLink, Elsewhere } from './door.tsx';
import { Or, ProviderLink } from './provider-link.tsx';
import type { SignInOptions } from './sign-in-options.ts';
import { SubmitError } from './submit-error.tsx';
import { useSubmit } from './use-submit.ts';

/** E-mail address and password, and the ways for those who have none of them. */
export function SignInForm({ options }: { readonly options: SignInOptions }) {
  const { session, openApi } = useEntry();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { submit, isBusy, error } = useSubmit(() =>
    session.begin('account', () => openApi('POST /api/auth/token', { body: { username: email, password } })),
  );
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit(undefined);
  };
  return (
    <div className="flex flex-col gap-6">
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
        <PasswordField value={password} onValue={setPassword} />
        <SubmitError error={error}>
          {error?.code === 'wrong_credentials'
            ? 'Check both, or set a new password with “Forgot your password?”.'
            : 'You are not signed in. Try again in a moment.'}
        </SubmitError>
        <Button look="lamp" type="submit" disabled={isBusy} className="min-h-12 text-[1rem]">
          Sign in
        </Button>
      </form>
      {options.openId && (
        <>
          <Or />
          <ProviderLink name={options.openId.name} />
        </>
      )}
      <Elsewhere>
        <DoorLink to="/forgot">Forgot your password?</DoorLink>
        {options.registration === 'open' && <DoorLink to="/register">Create an account</DoorLink>}
      </Elsewhere>
    </div>
  );
}
