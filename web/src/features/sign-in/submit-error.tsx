import type { ReactNode } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { ErrorNote } from '../../ui/error-note.tsx';

interface SubmitErrorProps {
  readonly error: ApiError | undefined;
  /** What to do, where the server does not tell how long to wait. */
  readonly children: ReactNode;
}

/** Why a form was refused, and what to do: a wait where the server names one. */
export function SubmitError({ error, children }: SubmitErrorProps) {
  if (!error) return null;
  const { message, details, retryAfter, traceId } = error;
  return (
    <ErrorNote title={message} traceId={traceId}>
      {details.map((detail) => (
        <p key={detail.path + detail.message}>{detail.message}</p>
      ))}
      {retryAfter === undefined ? children : `Try again in ${inWords(retryAfter)}.`}
    </ErrorNote>
  );
}

function inWords(seconds: number): string {
  if (seconds <= 90) return plural(Math.max(1, seconds), 'second');
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 90 ? plural(minutes, 'minute') : plural(Math.ceil(minutes / 60), 'hour');
}

const plural = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;
