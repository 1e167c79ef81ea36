import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  /** As high as what is to come. */
  readonly className?: string;
  readonly children: (data: T) => ReactNode;
}

/** Shows what was asked for once it is there, and where it cannot be had, why. */
export function Loaded<T>({ query, className = 'h-24', children }: LoadedProps<T>) {
  const { t } = useTranslation('account');
  if (query.data !== undefined) return children(query.data);
  if (!query.error) return <Skeleton className={className} />;
  return (
    <ErrorNote
      title={t('settings.notLoaded')}
      traceId={traceIdOf(query.error)}
      actions={<Button onClick={() => void query.refetch()}>{t('settings.again')}</Button>}
    >
      {sentenceOf(query.error)}
    </ErrorNote>
  );
}
