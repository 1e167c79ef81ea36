import { useTranslation } from 'react-i18next';
import { ApiError, sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { SubmitError } from '../sign-in/submit-error.tsx';

/** Why something was not accepted, and that what was chosen is still there. */
export function StoryRefused({ error }: { readonly error: Error | null }) {
  const { t } = useTranslation('stories');
  if (!error) return null;
  if (!(error instanceof ApiError)) return <ErrorNote title={sentenceOf(error)} traceId={traceIdOf(error)} />;
  return <SubmitError error={error}>{t('new.refused')}</SubmitError>;
}
