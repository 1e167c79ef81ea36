import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { z } from 'zod';
import type { peopleUsage } from '#contract/usage.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatMoment, formatNumber } from '../../ui/format.ts';
import { formatCost } from './measures.ts';

type PersonUsage = z.infer<typeof peopleUsage>['items'][number];

const shown = 10;

interface MostTokensProps {
  /** Who took the most first. */
  readonly people: readonly PersonUsage[];
  /** In words. */
  readonly period: string;
}

export function MostTokens({ people, period }: MostTokensProps) {
  const { t } = useTranslation('administration');
  const name = t('charts.mostTokens');
  const number = (key: 'messages' | 'stories' | 'failedAnswers') => ({
    key,
    name: t(`measures.${key}`),
    isNumber: true,
    cell: (person: PersonUsage) => formatNumber(person[key]),
  });
  return (
    <section aria-labelledby="most-tokens" className="flex flex-col gap-3">
      <h2 id="most-tokens" className="font-semibold text-title">
        {name} <span className="font-normal text-body text-ink-soft">{period}</span>
      </h2>
      {people.length === 0 ? (
        <EmptyState title={t('charts.nobodyYet')}>{t('charts.nobodyHint')}</EmptyState>
      ) : (
        <DataTable
          caption={`${name}, ${period}`}
          rows={people.slice(0, shown)}
          keyOf={({ personId }) => personId}
          columns={[
            { key: 'name', name: t('people.person'), cell: (person) => <Name person={person} /> },
            {
              key: 'tokens',
              name: t('measures.tokens'),
              isNumber: true,
              cell: ({ inputTokens, outputTokens }) => formatNumber(inputTokens + outputTokens),
            },
            { key: 'cost', name: t('measures.cost'), isNumber: true, cell: ({ cost }) => formatCost(cost) },
            number('messages'),
            number('stories'),
            number('failedAnswers'),
            {
              key: 'last',
              name: t('people.lastSeen'),
              isLine: true,
              cell: ({ lastActiveAt }) => formatMoment(lastActiveAt),
            },
          ]}
        />
      )}
    </section>
  );
}

function Name({ person: { personId, name, role } }: { readonly person: PersonUsage }) {
  const { t } = useTranslation('administration');
  // Whoever has no role any more was deleted.
  if (!role) return <span className="text-ink-soft">{t('people.deleted')}</span>;
  return (
    <Link to={`/admin/people/${personId}`} className="text-lamp-strong underline underline-offset-3">
      {name}
    </Link>
  );
}
