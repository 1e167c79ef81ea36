import { type FormEvent, useState } from 'react';
import { useEntry } from '../../api/entry-context.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { SubmitError } from '../sign-in/submit-error.tsx';
import { timeZone } from '../sign-in/time-zone.ts';
import { useSubmit } from '../sign-in/use-submit.ts';

/** Starts a guest session from a name. */
export function GuestForm() {
  const { session, openApi } = useEntry();
  const [name, setName] = useState(() => session.lastName());
  const { submit, isBusy, error } = useSubmit((chosen: string) =>
    session.begin(
      'guest',
      () => openApi('POST /api/auth/guest', { body: { name: chosen, timeZone: timeZone() } }),
      chosen,
    ),
  );
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) void submit(name.trim());
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-6">
      <Field
        label="Your name"
        value={name}
        onValue={setName}
        maxLength={60}
        required
        autoComplete="given-name"
        autoFocus
      />
      <SubmitError error={error}>Nothing was started. Try again in a moment.</SubmitError>
      <Button look="lamp" type="submit" disabled={isBusy || !name.trim()} className="min-h-12 text-[1rem]">
        Start
      </Button>
      <p className="text-ink-soft text-small">
        You are a guest here: your conversations stay for this session, which ends after a while without use. With an
        account they stay for good.
      </p>
    </form>
  );
}
