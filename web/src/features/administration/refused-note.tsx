import { ApiError, sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { ErrorNote } from '../../ui/error-note.tsx';

interface RefusedNoteProps {
  /** What did not happen. */
  readonly title: string;
  /** What was kept. */
  readonly kept: string;
  readonly error: Error;
}

/** Why a form was refused, beside it. */
export const RefusedNote = ({ title, kept, error }: RefusedNoteProps) => (
  <ErrorNote title={title} traceId={traceIdOf(error)}>
    <p>{sentenceOf(error)}</p>
    {error instanceof ApiError &&
      error.details
        .filter(({ message }) => message !== error.message)
        .map(({ path, message }) => <p key={path + message}>{message}</p>)}
    <p>{kept}</p>
  </ErrorNote>
);
