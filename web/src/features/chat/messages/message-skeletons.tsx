import { useTranslation } from 'react-i18next';
import { Skeleton } from '../../../ui/skeleton.tsx';

/** A conversation that is on its way. */
export function MessageSkeletons() {
  const { t } = useTranslation('chat');
  return (
    <div className="min-h-0 flex-1 overflow-hidden">
      <p role="status" className="sr-only">
        {t('conversation.loading')}
      </p>
      <div data-skeletons className="mx-auto flex w-full max-w-3xl flex-col gap-6 px-4 pt-6">
        <Skeleton className="h-11 w-2/5 self-end" />
        <div className="flex flex-col gap-3 ps-8">
          <Skeleton className="h-4 w-11/12" />
          <Skeleton className="h-4 w-4/5" />
          <Skeleton className="h-4 w-3/5" />
        </div>
      </div>
    </div>
  );
}
