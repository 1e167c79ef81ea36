import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useNear } from '../chat/use-near.ts';
import { matches } from './matches.ts';
import type { Parts } from './use-parts.ts';

interface Item {
  readonly id: string;
  readonly source: 'mine' | 'library';
}

interface PartListProps<T extends Item> {
  readonly parts: Parts<T>;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly searchLabel: string;
  /** What it says where nothing could be loaded. */
  readonly failedTitle: string;
  /** All that can be sought of one. */
  readonly wordsOf: (item: T) => readonly string[];
  /** Stands where I have none. */
  readonly empty: ReactNode;
  /** As large as one of them. */
  readonly skeleton: string;
  readonly layout: string;
  readonly children: (item: T) => ReactNode;
}

/** Mine and the library's, searchable; more are loaded as the end comes near. */
export function PartList<T extends Item>(props: PartListProps<T>) {
  const { parts, search, onSearch, searchLabel, failedTitle, wordsOf, empty, skeleton, layout, children } = props;
  const { list, items } = parts;
  const { t } = useTranslation('library');
  const sought = search.trim();
  const found = items.filter((item) => matches(wordsOf(item), sought));
  const isBroken = list.isFetchNextPageError;
  const end = useNear(
    () => {
      if (!list.isFetching) void list.fetchNextPage();
    },
    list.hasNextPage && !isBroken,
    items.length,
  );
  if (list.error && !list.data) {
    return (
      <ErrorNote
        title={failedTitle}
        traceId={traceIdOf(list.error)}
        actions={<Button onClick={() => void list.refetch()}>{t('list.loadAgain')}</Button>}
      >
        {sentenceOf(list.error)}
      </ErrorNote>
    );
  }
  const mine = found.filter(({ source }) => source === 'mine');
  const library = found.filter(({ source }) => source === 'library');
  const isDone = list.data !== undefined && !list.hasNextPage;
  return (
    <div className="flex flex-col gap-8">
      <SearchField label={searchLabel} placeholder={t('list.search')} value={search} onValue={onSearch} />
      <p role="status" className="sr-only">
        {sought && isDone && t('list.found', { count: found.length })}
      </p>
      {list.isPending && (
        <div aria-busy="true" className={layout}>
          <span className="sr-only">{t('list.loading')}</span>
          {[1, 2, 3, 4].map((key) => (
            <Skeleton key={key} className={skeleton} />
          ))}
        </div>
      )}
      {list.data && (sought === '' || mine.length > 0) && (
        <Section title={t('list.mine')}>
          {mine.length > 0 ? <ul className={layout}>{mine.map(children)}</ul> : empty}
        </Section>
      )}
      {library.length > 0 && (
        <Section title={t('list.library')}>
          <ul className={layout}>{library.map(children)}</ul>
        </Section>
      )}
      {sought && isDone && found.length === 0 && <p className="text-ink-soft">{t('list.nothing')}</p>}
      {isBroken && (
        <ErrorNote
          title={t('list.moreFailed')}
          traceId={traceIdOf(list.error)}
          actions={<Button onClick={() => void list.fetchNextPage()}>{t('list.more')}</Button>}
        >
          {sentenceOf(list.error)}
        </ErrorNote>
      )}
      <div ref={end} className="-mt-8" />
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-3">
      <h2 id={id} className="font-semibold text-title">
        {title}
      </h2>
      {children}
    </section>
  );
}
