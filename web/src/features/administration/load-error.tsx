import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useChat } from '../chat/chat-context.ts';
import { queryKeys } from '../chat/live/message-cache.ts';

interface LoadErrorProps {
  readonly title: string;
  readonly error: Error;
  readonly onRetry: () => void;
}

/** What could not be loaded. Where it was refused, the person's role may have changed: the page asks for it again. */
export function LoadError({ title, error, onRetry }: LoadErrorProps) {
  const { t } = useTranslation('administration');
  const { queries } = useChat();
  const isForbidden = error instanceof ApiError && error.code === 'forbidden';
  useEffect(() => {
    if (isForbidden) void queries.invalidateQueries({ queryKey: queryKeys.me });
  }, [isForbidden, queries]);
  return (
    <ErrorNote
      title={title}
      traceId={traceIdOf(error)}
      actions={<Button onClick={onRetry}>{t('failed.again')}</Button>}
    >
      {sentenceOf(error)}
    </ErrorNote>
  );
}
