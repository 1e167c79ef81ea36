import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Role } from '#contract/accounts.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Field } from '../../ui/field.tsx';
import { formatDay, formatMoment, formatNumber } from '../../ui/format.ts';
import { SelectField } from '../../ui/select-field.tsx';
import { AdminPage } from './admin-page.tsx';
import { DisabledMark } from './disabled-mark.tsx';
import { ListEnd } from './list-end.tsx';
import { LoadError } from './load-error.tsx';
import { type PeopleFilter, type Person, usePeople, useSettled } from './use-people.ts';

const roles = ['user', 'manager', 'admin', 'guest'] as const satisfies readonly Role[];
const everybody: PeopleFilter = { q: '', role: undefined, disabled: undefined };

/** Everybody, to be found by name, address, role and state. */
export function PeoplePage() {
  const { t } = useTranslation('administration');
  const [filter, setFilter] = useState(everybody);
  const q = useSettled(filter.q.trim());
  const list = usePeople({ ...filter, q });
  const people = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <AdminPage title={t('places.people')} intro={t('people.intro')}>
      <search className="grid gap-4 @xl:grid-cols-[minmax(0,1fr)_auto_auto]">
        <Field
          type="search"
          label={t('people.search')}
          value={filter.q}
          maxLength={200}
          onValue={(text) => setFilter({ ...filter, q: text })}
        />
        <SelectField
          label={t('people.role')}
          value={filter.role ?? ''}
          onValue={(value) => setFilter({ ...filter, role: roles.find((each) => each === value) })}
          options={[['', t('people.anyRole')], ...roles.map((role) => [role, t(`roles.${role}`)] as const)]}
        />
        <SelectField
          label={t('people.state')}
          value={filter.disabled ?? ''}
          onValue={(value) =>
            setFilter({ ...filter, disabled: value === 'true' || value === 'false' ? value : undefined })
          }
          options={[
            ['', t('people.anyState')],
            ['false', t('people.onlyEnabled')],
            ['true', t('people.onlyDisabled')],
          ]}
        />
      </search>
      {list.error && !list.data ? (
        <LoadError title={t('people.failed')} error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data && people.length === 0 ? (
        <EmptyState
          title={t('people.none')}
          action={<Button onClick={() => setFilter(everybody)}>{t('people.clear')}</Button>}
        >
          {t('people.noneHint')}
        </EmptyState>
      ) : (
        <PeopleTable people={people} awaited={list.data ? 0 : 8} />
      )}
      <ListEnd list={list} count={people.length} />
    </AdminPage>
  );
}

function PeopleTable({ people, awaited }: { readonly people: readonly Person[]; readonly awaited: number }) {
  const { t } = useTranslation('administration');
  return (
    <DataTable
      caption={t('people.list')}
      rows={people}
      keyOf={({ id }) => id}
      awaited={awaited}
      columns={[
        { key: 'name', name: t('people.person'), cell: (person) => <Name person={person} /> },
        { key: 'email', name: t('people.email'), cell: ({ email }) => email ?? '–' },
        { key: 'role', name: t('people.role'), cell: ({ role }) => t(`roles.${role}`) },
        {
          key: 'budget',
          name: t('people.budget'),
          isNumber: true,
          cell: ({ dailyTokenBudget: own }) => (own === undefined ? t('people.ofRole') : formatNumber(own)),
        },
        {
          key: 'seen',
          name: t('people.lastSeen'),
          isLine: true,
          cell: ({ lastSeenAt }) => (lastSeenAt ? formatMoment(lastSeenAt) : t('people.never')),
        },
        { key: 'created', name: t('people.created'), isLine: true, cell: ({ createdAt }) => formatDay(createdAt) },
      ]}
    />
  );
}

const Name = ({ person: { id, name, disabled } }: { readonly person: Person }) => (
  <span className="flex flex-wrap items-center gap-x-2">
    <Link to={`/admin/people/${id}`} className="text-lamp-strong underline underline-offset-3">
      {name}
    </Link>
    {disabled && <DisabledMark />}
  </span>
);
