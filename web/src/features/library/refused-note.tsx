import { useTranslation } from 'react-i18next';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { ErrorNote } from '../../ui/error-note.tsx';

interface RefusedNoteProps {
  readonly title: string;
  readonly error: Error | null;
}

/** Why a form was not accepted, and that what was written is still there. */
export function RefusedNote({ title, error }: RefusedNoteProps) {
  const { t } = useTranslation('library');
  if (!error) return null;
  return (
    <ErrorNote title={title} traceId={traceIdOf(error)}>
      {sentenceOf(error)} {t('form.kept')}
    </ErrorNote>
  );
}
