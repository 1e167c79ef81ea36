import { type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router';
import { useEntry } from '../../api/entry-context.ts';
import type { Api } from '../../api/http.ts';
import type { Token } from '../../api/session.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Field, PasswordField } from '../../ui/field.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { Door, DoorLink, Elsewhere } from './door.tsx';
import { DoorForm } from './door-form.tsx';
import { SubmitError } from './submit-error.tsx';
import { timeZone } from './time-zone.ts';
import { useLinkToken } from './use-fragment.ts';
import { useSubmit } from './use-submit.ts';

// The pages that the links of mails lead to. Each asks for a click: programs that look through mails open links, and a link
// can be used once.

export function VerifyPage() {
  const [password, setPassword] = useState('');
  return (
    <LinkPage
      title="Confirm your address"
      intro="With the password that you chose your account begins, and you are signed in."
      submitText="Confirm and sign in"
      elsewhere={<DoorLink to="/register">Create an account</DoorLink>}
      use={(api, token) => api('POST /api/auth/verify', { body: { token, password } })}
    >
      <PasswordField value={password} onValue={setPassword} autoFocus />
    </LinkPage>
  );
}

export function ResetPage() {
  const [password, setPassword] = useState('');
  return (
    <LinkPage
      title="Set a new password"
      intro="With this you are signed in here, and signed out everywhere else."
      submitText="Set password and sign in"
      elsewhere={<DoorLink to="/forgot">Ask for another link</DoorLink>}
      use={(api, token) => api('POST /api/auth/reset', { body: { token, password } })}
    >
      <PasswordField label="New password" isNew value={password} onValue={setPassword} autoFocus />
    </LinkPage>
  );
}

export function InvitationPage() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  return (
    <LinkPage
      title="You are invited"
      intro="Choose how you are called here and a password, and your account begins."
      submitText="Begin"
      elsewhere={<DoorLink to="/sign-in">Sign in instead</DoorLink>}
      use={(api, token) => api('POST /api/auth/invitation', { body: { token, name, password, timeZone: timeZone() } })}
    >
      <Field label="Your name" value={name} onValue={setName} required maxLength={60} autoComplete="name" autoFocus />
      <PasswordField isNew value={password} onValue={setPassword} />
    </LinkPage>
  );
}

interface LinkPageProps {
  readonly title: string;
  readonly intro: string;
  readonly submitText: string;
  readonly use: (api: Api, token: string) => Promise<Token>;
  readonly elsewhere: ReactNode;
  readonly children?: ReactNode;
}

function LinkPage(props: LinkPageProps) {
  const { title, intro, elsewhere } = props;
  const token = useLinkToken();
  useTitle(title);
  return (
    <Door title={title} intro={intro}>
      {token === undefined ? (
        <ErrorNote title="This address lacks the secret of your link">
          Open the link in your mail once more. After this page was loaded again, it no longer knows it.
        </ErrorNote>
      ) : (
        <LinkForm key={token} token={token} {...props} />
      )}
      <Elsewhere>{elsewhere}</Elsewhere>
    </Door>
  );
}

/** What uses one link up; gone where the link turns out to be worth nothing. */
function LinkForm({ token, submitText, use, children }: LinkPageProps & { readonly token: string }) {
  const { session, openApi } = useEntry();
  const navigate = useNavigate();
  const { submit, isBusy, error } = useSubmit(async () => {
    await session.begin('account', () => use(openApi, token));
    void navigate('/', { replace: true });
  });
  if (error?.code === 'link_invalid')
    return <SubmitError error={error}>A link works once, and for a limited time.</SubmitError>;
  return (
    <DoorForm
      onSubmit={() => void submit(undefined)}
      isBusy={isBusy}
      error={error}
      afterError="Your link can still be used. Change what is wrong, or try again in a moment."
      submitText={submitText}
    >
      {children}
    </DoorForm>
  );
}
