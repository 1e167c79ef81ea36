import { useMutation, useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import { RotateCcw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import type { z } from 'zod';
import type { deadLetterList } from '#contract/administration.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatMoment } from '../../ui/format.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { toastError } from '../../ui/toast-error.ts';
import { useChat } from '../chat/chat-context.ts';
import { AdminPage } from './admin-page.tsx';
import { adminKeys } from './keys.ts';
import { LoadError } from './load-error.tsx';

type DeadLetter = z.infer<typeof deadLetterList>['items'][number];

/** Jobs whose every try failed, to be tried again. */
export function DeadLettersPage() {
  const { t } = useTranslation('administration');
  const { api } = useChat();
  const { data, error, refetch } = useQuery({
    queryKey: adminKeys.deadLetters,
    queryFn: ({ signal }) => api('GET /api/admin/dead-letters', { signal }),
    staleTime: 0,
  });
  return (
    <AdminPage title={t('places.deadLetters')} intro={t('deadLetters.intro')}>
      {error && !data && <LoadError title={t('deadLetters.failed')} error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Skeleton className="h-36" />}
      {data?.items.length === 0 && <EmptyState title={t('deadLetters.none')}>{t('deadLetters.noneHint')}</EmptyState>}
      {data && data.items.length > 0 && (
        <ul aria-label={t('deadLetters.list')} className="flex flex-col gap-3">
          {data.items.map((letter) => (
            <Letter key={`${letter.queue} ${letter.id}`} letter={letter} />
          ))}
        </ul>
      )}
    </AdminPage>
  );
}

function Letter({ letter }: { readonly letter: DeadLetter }) {
  const { t } = useTranslation('administration');
  const retry = useRetry();
  const { queue, id, subject, attempts, error, failedAt } = letter;
  // A later server may have queues that this page does not know.
  const name = t(`queues.${queue}` as 'queues.answer', { defaultValue: queue });
  return (
    <li className="flex flex-col gap-3 rounded-card border border-line bg-surface p-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="flex min-w-0 flex-col">
          <h2 className="font-medium">{name}</h2>
          <p className="text-ink-soft text-small tabular-nums">
            {formatMoment(failedAt)} · {t('deadLetters.attempts', { count: attempts })}
          </p>
        </div>
        <Button
          disabled={retry.isPending}
          aria-label={t('deadLetters.retryOf', { job: `${name} ${id}` })}
          onClick={() => retry.mutate({ queue, id })}
        >
          <RotateCcw className="size-4" aria-hidden /> {t('deadLetters.retry')}
        </Button>
      </div>
      <dl className="flex flex-col gap-3">
        <div>
          <dt className="text-ink-soft text-small">{t('deadLetters.error')}</dt>
          <dd>
            <bdi>{error}</bdi>
          </dd>
        </div>
        <div>
          <dt className="text-ink-soft text-small">{t('deadLetters.about')}</dt>
          <dd className="flex flex-wrap gap-x-4 font-mono text-code">
            {Object.entries({ ...subject, job: id }).map(([key, value]) => (
              <span key={key} dir="ltr">{`${key} ${value}`}</span>
            ))}
          </dd>
        </div>
      </dl>
    </li>
  );
}

function useRetry() {
  const { api, queries } = useChat();
  return useMutation({
    mutationFn: (params: { readonly queue: string; readonly id: string }) =>
      api('POST /api/admin/dead-letters/:queue/:id/retry', { params }),
    onSuccess: () => void toast.success(i18next.t('administration:deadLetters.retried')),
    onError: (error) => toastError(i18next.t('administration:deadLetters.notRetried'), error),
    // One that somebody else tried again is gone from the list.
    onSettled: () => queries.invalidateQueries({ queryKey: adminKeys.deadLetters }),
  });
}
