import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { SubmitError } from './submit-error.tsx';

interface DoorFormProps {
  readonly onSubmit: () => void;
  readonly isBusy: boolean;
  readonly error: ApiError | undefined;
  /** What was kept of a refused form, and what to do. */
  readonly afterError: ReactNode;
  readonly submitText: string;
  readonly children?: ReactNode;
}

/** A form before anybody is signed in: its fields, what went wrong, and one button. */
export function DoorForm({ onSubmit, isBusy, error, afterError, submitText, children }: DoorFormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-6">
      {children}
      <SubmitError error={error}>{afterError}</SubmitError>
      <Button look="lamp" type="submit" disabled={isBusy} className="min-h-12 text-field">
        {submitText}
      </Button>
    </form>
  );
}

interface EmailFieldProps {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly autoFocus?: boolean;
}

/** What an account is known by: password managers keep it as the name of the user. */
export function EmailField(props: EmailFieldProps) {
  const { t } = useTranslation('sign-in');
  return (
    <Field
      label={t('field.email')}
      type="email"
      name="username"
      required
      maxLength={254}
      autoComplete="username"
      dir="ltr"
      className="rtl:text-end"
      {...props}
    />
  );
}
