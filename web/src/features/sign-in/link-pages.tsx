import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useEntry } from '../../api/entry-context.ts';
import type { Api } from '../../api/http.ts';
import type { Token } from '../../api/session.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Field, PasswordField } from '../../ui/field.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { Door, DoorLink, Elsewhere } from './door.tsx';
import { DoorForm } from './door-form.tsx';
import { here } from './here.ts';
import { SubmitError } from './submit-error.tsx';
import { useLinkToken } from './use-fragment.ts';
import { useSubmit } from './use-submit.ts';

// The pages that the links of mails lead to. Each asks for a click: programs that look through mails open links, and a link
// can be used once.

export function VerifyPage() {
  const { t } = useTranslation('sign-in');
  const [password, setPassword] = useState('');
  return (
    <LinkPage
      title={t('verify.title')}
      intro={t('verify.intro')}
      submitText={t('verify.submit')}
      elsewhere={<DoorLink to="/register">{t('links.register')}</DoorLink>}
      use={(api, token) => api('POST /api/auth/verify', { body: { token, password } })}
    >
      <PasswordField value={password} onValue={setPassword} autoFocus />
    </LinkPage>
  );
}

export function ResetPage() {
  const { t } = useTranslation('sign-in');
  const [password, setPassword] = useState('');
  return (
    <LinkPage
      title={t('reset.title')}
      intro={t('reset.intro')}
      submitText={t('reset.submit')}
      elsewhere={<DoorLink to="/forgot">{t('links.anotherLink')}</DoorLink>}
      use={(api, token) => api('POST /api/auth/reset', { body: { token, password } })}
    >
      <PasswordField label={t('field.newPassword')} isNew value={password} onValue={setPassword} autoFocus />
    </LinkPage>
  );
}

export function InvitationPage() {
  const [name, setName] = useState('');
  const { t } = useTranslation('sign-in');
  const [password, setPassword] = useState('');
  return (
    <LinkPage
      title={t('invitation.title')}
      intro={t('invitation.intro')}
      submitText={t('invitation.submit')}
      elsewhere={<DoorLink to="/sign-in">{t('links.signIn')}</DoorLink>}
      use={(api, token) => api('POST /api/auth/invitation', { body: { token, name, password, ...here() } })}
    >
      <Field
        label={t('field.name')}
        value={name}
        onValue={setName}
        required
        maxLength={60}
        autoComplete="name"
        autoFocus
      />
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
  const { t } = useTranslation('sign-in');
  const token = useLinkToken();
  useTitle(title);
  return (
    <Door title={title} intro={intro}>
      {token === undefined ? (
        <ErrorNote title={t('link.incomplete')}>{t('link.openAgain')}</ErrorNote>
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
  const { t } = useTranslation('sign-in');
  const navigate = useNavigate();
  const { submit, isBusy, error } = useSubmit(async () => {
    await session.begin('account', () => use(openApi, token));
    void navigate('/', { replace: true });
  });
  if (error?.code === 'link_invalid') return <SubmitError error={error}>{t('link.once')}</SubmitError>;
  return (
    <DoorForm
      onSubmit={() => void submit(undefined)}
      isBusy={isBusy}
      error={error}
      afterError={t('link.kept')}
      submitText={submitText}
    >
      {children}
    </DoorForm>
  );
}
