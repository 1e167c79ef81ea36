import { CircleCheck, CircleX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { auditEntry } from '#contract/usage.ts';
import type { Column } from '../../ui/data-table.tsx';
import { formatMomentExactly } from '../../ui/format.ts';
import { TraceId } from '../../ui/trace-id.tsx';
import { isOfPerson } from './audit-actions.ts';
import { PersonName } from './person-name.tsx';

export type AuditEntry = z.infer<typeof auditEntry>;

/** What of an entry stands where. */
export function useAuditColumns(): ReadonlyArray<Column<AuditEntry>> {
  const { t } = useTranslation('administration');
  return [
    {
      key: 'when',
      name: t('audit.when'),
      cell: ({ at }) => <time dateTime={at}>{formatMomentExactly(at)}</time>,
    },
    { key: 'what', name: t('audit.what'), cell: (entry) => <What entry={entry} /> },
    {
      key: 'who',
      name: t('audit.who'),
      cell: ({ actorId }) =>
        actorId ? <PersonName id={actorId} /> : <span className="text-ink-soft">{t('audit.nobody')}</span>,
    },
    { key: 'whom', name: t('audit.whom'), cell: (entry) => <Whom entry={entry} /> },
    { key: 'details', name: t('audit.details'), cell: (entry) => <Details entry={entry} /> },
    {
      key: 'address',
      name: t('audit.address'),
      cell: ({ address }) => (
        <span dir="ltr" className="whitespace-nowrap font-mono text-code">
          {address ?? '–'}
        </span>
      ),
    },
  ];
}

function What({ entry: { action, outcome } }: { readonly entry: AuditEntry }) {
  const { t } = useTranslation('administration');
  const isDone = outcome === 'success';
  const Icon = isDone ? CircleCheck : CircleX;
  return (
    <span className="flex min-w-40 flex-col">
      {/* A later server may have actions that this page does not know. */}
      <span>{t(`actions.${action}` as 'actions.sign_in', { defaultValue: action })}</span>
      <span className={`inline-flex items-center gap-1 text-small ${isDone ? 'text-good' : 'text-bad'}`}>
        <Icon className="size-3.5" aria-hidden /> {t(`audit.${outcome}`)}
      </span>
    </span>
  );
}

function Whom({ entry: { action, actorId, subjectId } }: { readonly entry: AuditEntry }) {
  if (!subjectId || subjectId === actorId) return '–';
  if (isOfPerson(action)) return <PersonName id={subjectId} />;
  return (
    <span dir="ltr" className="block max-w-32 truncate font-mono text-code" title={subjectId}>
      {subjectId}
    </span>
  );
}

/** With the trace ID below: a column of its own would be out of sight where it is looked for. */
const Details = ({ entry: { details, traceId } }: { readonly entry: AuditEntry }) => (
  <span className="flex min-w-44 max-w-96 flex-col items-start text-small">
    {Object.entries(details).map(([key, value]) => (
      <span key={key}>
        <span className="text-ink-soft">{key}</span> <bdi>{String(value)}</bdi>
      </span>
    ))}
    {traceId && <TraceId id={traceId} />}
  </span>
);
