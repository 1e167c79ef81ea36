import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { useChat } from '../chat/chat-context.ts';
import { AdminPage } from './admin-page.tsx';
import { auditActions } from './audit-actions.ts';
import { type AuditEntry, useAuditColumns } from './audit-columns.tsx';
import { adminKeys } from './keys.ts';
import { ListEnd } from './list-end.tsx';
import { LoadError } from './load-error.tsx';
import { PersonFilter } from './person-filter.tsx';

/** Who did what, the latest first; the address names what is looked for. */
export function AuditPage() {
  const { t } = useTranslation('administration');
  const [query, setQuery] = useSearchParams();
  const action = auditActions.find((each) => each === query.get('action'));
  const personId = query.get('person') ?? undefined;
  const choose = (changes: Record<string, string | undefined>) => {
    const all = { action, person: personId, ...changes };
    setQuery(
      Object.entries(all).flatMap(([key, value]) => (value ? [[key, value] as [string, string]] : [])),
      { replace: true },
    );
  };
  const list = useAudit(action, personId);
  const entries: readonly AuditEntry[] = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const columns = useAuditColumns();
  return (
    <AdminPage title={t('places.audit')} intro={t('audit.intro')}>
      <search className="grid items-start gap-4 @md:grid-cols-2">
        <SelectField
          label={t('audit.action')}
          value={action ?? ''}
          onValue={(value) => choose({ action: value || undefined })}
          options={[['', t('audit.anyAction')], ...auditActions.map((each) => [each, t(`actions.${each}`)] as const)]}
        />
        <PersonFilter personId={personId} onChange={(person) => choose({ person })} />
      </search>
      {list.error && !list.data ? (
        <LoadError title={t('audit.failed')} error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data && entries.length === 0 ? (
        <EmptyState title={t('audit.none')}>{t('audit.noneHint')}</EmptyState>
      ) : (
        <DataTable
          caption={t('audit.list')}
          rows={entries}
          keyOf={({ id }) => id}
          awaited={list.data ? 0 : 8}
          columns={columns}
        />
      )}
      <ListEnd list={list} count={entries.length} />
    </AdminPage>
  );
}

function useAudit(action: string | undefined, personId: string | undefined) {
  const { api } = useChat();
  return useInfiniteQuery({
    queryKey: [...adminKeys.audit, action, personId],
    queryFn: ({ pageParam, signal }) =>
      api('GET /api/admin/audit', { query: { action, personId, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}
