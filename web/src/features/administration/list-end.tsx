import { useTranslation } from 'react-i18next';
import { useNear } from '../chat/use-near.ts';
import { LoadError } from './load-error.tsx';

interface ListEndProps {
  readonly list: {
    readonly error: Error | null;
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly isFetchNextPageError: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  /** How many are shown. */
  readonly count: number;
}

/** The end of a list: more is loaded as it comes near; where that fails, it says so and waits to be asked. */
export function ListEnd({ list, count }: ListEndProps) {
  const { t } = useTranslation('administration');
  const more = () => void list.fetchNextPage();
  const end = useNear(
    () => {
      if (!list.isFetchingNextPage) more();
    },
    list.hasNextPage && !list.isFetchNextPageError,
    count,
  );
  return (
    <div ref={end}>
      {list.isFetchNextPageError && list.error && (
        <LoadError title={t('failed.more')} error={list.error} onRetry={more} />
      )}
    </div>
  );
}
