import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ApiError, sentenceOf, traceIdOf } from '../../../api/api-error.ts';
import { Button, buttonClasses } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useTitle } from '../../../ui/use-title.ts';

/** In place of a conversation that is not there, or could not be loaded. */
export function Unreadable({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const { t, i18n } = useTranslation('chat');
  const isMissing = error instanceof ApiError && error.code === 'not_found';
  const title = t(isMissing ? 'conversation.missing' : 'conversation.notLoaded');
  useTitle(title);
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-1 flex-col justify-center px-4">
      <ErrorNote
        heading={isMissing ? 'h1' : 'p'}
        title={title}
        traceId={traceIdOf(error)}
        actions={
          isMissing ? (
            <Link to="/" className={buttonClasses('plain')}>
              {t('conversation.startNew')}
            </Link>
          ) : (
            <Button onClick={onRetry}>{i18n.t('ui:loadAgain')}</Button>
          )
        }
      >
        {isMissing ? t('conversation.missingWhy') : t('conversation.kept', { reason: sentenceOf(error) })}
      </ErrorNote>
    </div>
  );
}
