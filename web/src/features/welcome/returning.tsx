import { useTranslation } from 'react-i18next';
import { type ApiError, sentenceOf } from '../../api/api-error.ts';
import { useEntry } from '../../api/entry-context.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { FullPage } from '../../ui/full-page.tsx';
import { ReturningFrame } from './returning-frame.tsx';

/** While the server is asked whether this browser is still signed in; it says so where it cannot be asked. */
export function Returning({ error }: { readonly error: ApiError | undefined }) {
  const { session } = useEntry();
  const { t } = useTranslation('welcome');
  if (!error) return <ReturningFrame says={t('returning.loading')} />;
  return (
    <FullPage>
      <ErrorNote
        heading="h1"
        title={sentenceOf(error)}
        traceId={error.traceId}
        actions={<Button onClick={session.hurry}>{t('returning.again')}</Button>}
      >
        {t('returning.kept')}
      </ErrorNote>
    </FullPage>
  );
}
