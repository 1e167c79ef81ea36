import { ApiError, sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { SubmitError } from '../sign-in/submit-error.tsx';

/** Why something was not accepted, and that what was chosen is still there. */
export function StoryRefused({ error }: { readonly error: Error | null }) {
  if (!error) return null;
  if (!(error instanceof ApiError)) return <ErrorNote title={sentenceOf(error)} traceId={traceIdOf(error)} />;
  return (
    <SubmitError error={error}>
      What you chose is kept here. Change what is wrong, or try again in a moment.
    </SubmitError>
  );
}
