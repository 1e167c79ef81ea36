import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEntry } from '../../api/entry-context.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { here } from '../sign-in/here.ts';
import { SubmitError } from '../sign-in/submit-error.tsx';
import { useSubmit } from '../sign-in/use-submit.ts';

/** Starts a guest session from a name. */
export function GuestForm() {
  const { session, openApi } = useEntry();
  const { t } = useTranslation('welcome');
  const [name, setName] = useState(() => session.lastName());
  const { submit, isBusy, error } = useSubmit((chosen: string) =>
    session.begin('guest', () => openApi('POST /api/auth/guest', { body: { name: chosen, ...here() } }), chosen),
  );
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) void submit(name.trim());
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-6">
      <Field
        label={t('guest.name')}
        value={name}
        onValue={setName}
        maxLength={60}
        required
        autoComplete="given-name"
        autoFocus
      />
      <SubmitError error={error}>{t('guest.failed')}</SubmitError>
      <Button look="lamp" type="submit" disabled={isBusy || !name.trim()} className="min-h-12 text-field">
        {t('guest.start')}
      </Button>
      <p className="text-ink-soft text-small">{t('guest.explained')}</p>
    </form>
  );
}
