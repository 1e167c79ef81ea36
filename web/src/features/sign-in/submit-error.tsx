import i18next from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type ApiError, sentenceOf } from '../../api/api-error.ts';
import { ErrorNote } from '../../ui/error-note.tsx';

interface SubmitErrorProps {
  readonly error: ApiError | undefined;
  /** What to do, where the server does not tell how long to wait. */
  readonly children: ReactNode;
}

/** Why a form was refused, and what to do: a wait where the server names one. */
export function SubmitError({ error, children }: SubmitErrorProps) {
  const { i18n } = useTranslation('sign-in');
  if (!error) return null;
  const { details, retryAfter, traceId } = error;
  // The server says these in English alone; the error's own sentence is told in every language.
  const shown = i18n.language === 'en' ? details : [];
  return (
    <ErrorNote title={sentenceOf(error)} traceId={traceId}>
      {shown.map((detail) => (
        <p key={detail.path + detail.message}>{detail.message}</p>
      ))}
      {retryAfter === undefined ? children : waitInWords(retryAfter)}
    </ErrorNote>
  );
}

function waitInWords(seconds: number): string {
  if (seconds <= 90) return i18next.t('sign-in:wait.seconds', { count: Math.max(1, seconds) });
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 90
    ? i18next.t('sign-in:wait.minutes', { count: minutes })
    : i18next.t('sign-in:wait.hours', { count: Math.ceil(minutes / 60) });
}
