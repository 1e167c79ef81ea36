import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { ApiError, traceIdOf } from '../../api/api-error.ts';
import { buttonClasses } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { formatMoment } from '../../ui/format.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useMe } from '../chat/use-me.ts';
import { AdminPage } from './admin-page.tsx';
import { BackLink } from './back-link.tsx';
import { DisabledMark } from './disabled-mark.tsx';
import { LoadError } from './load-error.tsx';
import { PersonAccess } from './person-access.tsx';
import { PersonBudget } from './person-budget.tsx';
import { PersonRole } from './person-role.tsx';
import { PersonUsage } from './person-usage.tsx';
import { type Person, usePerson } from './use-people.ts';

/** One person: who they are, what they use, and what administrators change of them. */
export function PersonPage() {
  const { t } = useTranslation('administration');
  const { personId = '' } = useParams();
  const { data: me } = useMe();
  const { data: person, error, refetch } = usePerson(personId);
  const isAdmin = me?.role === 'admin';
  const isMissing = error instanceof ApiError && error.code === 'not_found';
  // Whoever was deleted meanwhile is not shown as before.
  const shown = isMissing ? undefined : person;
  return (
    <>
      <BackLink to="/admin/people" name={t('person.back')} />
      <AdminPage title={shown?.name ?? t('places.people')} intro={shown && <Who person={shown} />}>
        {isMissing && (
          <ErrorNote title={t('person.missing')} traceId={traceIdOf(error)}>
            {t('person.missingHint')}
          </ErrorNote>
        )}
        {error && !isMissing && !person && (
          <LoadError title={t('person.failed')} error={error} onRetry={() => void refetch()} />
        )}
        {!person && !error && <Skeleton className="h-64" />}
        {shown && (
          <>
            <Facts person={shown} isAdmin={isAdmin} />
            {isAdmin ? (
              <div className="grid items-start gap-4 @3xl:grid-cols-3">
                <PersonRole key={shown.role} person={shown} isMe={me.id === shown.id} />
                <PersonBudget key={shown.dailyTokenBudget} person={shown} />
                <PersonAccess person={shown} isMe={me.id === shown.id} />
              </div>
            ) : (
              <p className="text-ink-soft">{t('person.readOnly')}</p>
            )}
            <PersonUsage key={shown.id} id={shown.id} />
          </>
        )}
      </AdminPage>
    </>
  );
}

function Who({ person: { role, email, disabled } }: { readonly person: Person }) {
  const { t } = useTranslation('administration');
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <span>{t(`roles.${role}`)}</span>
      {email && <span>{email}</span>}
      {disabled && <DisabledMark />}
    </span>
  );
}

function Facts({ person, isAdmin }: { readonly person: Person; readonly isAdmin: boolean }) {
  const { t } = useTranslation('administration');
  const { id, createdAt, lastSeenAt, timeZone } = person;
  const facts = [
    [t('people.created'), formatMoment(createdAt)],
    [t('people.lastSeen'), lastSeenAt ? formatMoment(lastSeenAt) : t('people.never')],
    [t('person.timeZone'), timeZone],
  ] as const;
  return (
    <section aria-label={t('person.facts')} className="flex flex-col gap-4">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 @2xl:grid-cols-4">
        {facts.map(([name, value]) => (
          <div key={name} className="min-w-0">
            <dt className="text-ink-soft text-small">{name}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
        <div className="min-w-0">
          <dt className="text-ink-soft text-small">{t('person.id')}</dt>
          <dd className="-my-2 flex items-center">
            <span dir="ltr" className="min-w-0 truncate font-mono text-code">
              {id}
            </span>
            <CopyButton label={t('person.copyId')} text={() => id} />
          </dd>
        </div>
      </dl>
      <div className="flex flex-wrap gap-2">
        <Link to={`/admin/stories?person=${id}`} className={buttonClasses('plain')}>
          {t('person.stories')}
        </Link>
        {isAdmin && (
          <Link to={`/admin/audit?person=${id}`} className={buttonClasses('plain')}>
            {t('person.audit')}
          </Link>
        )}
      </div>
    </section>
  );
}
