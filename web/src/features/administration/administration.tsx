import { type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Route, Routes, useLocation } from 'react-router';
import { buttonClasses } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { NotFoundNote } from '../../ui/not-found-page.tsx';
import { Scroller } from '../../ui/page.tsx';
import { TabLinks } from '../../ui/tab-links.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { useMe } from '../chat/use-me.ts';
import { AdminPage } from './admin-page.tsx';
import { AuditPage } from './audit-page.tsx';
import { DeadLettersPage } from './dead-letters-page.tsx';
import { InvitationsPage } from './invitations-page.tsx';
import { LoadError } from './load-error.tsx';
import { OverviewPage } from './overview-page.tsx';
import { PeoplePage } from './people-page.tsx';
import { PersonPage } from './person-page.tsx';
import { mayAdminister, places } from './places.ts';
import { SettingsPage } from './settings-page.tsx';
import { StoriesOfPeoplePage } from './stories-of-people-page.tsx';
import { StoryOfPersonPage } from './story-of-person-page.tsx';

/** What managers see and administrators change of the whole installation. For everybody else there is nothing here. */
export function Administration() {
  const { t } = useTranslation('administration');
  const { data: me, error, refetch } = useMe();
  const part = useLocation().pathname.split('/')[2] ?? '';
  if (!me) {
    return (
      <Shell part="">
        {error && <LoadError title={t('door.unknown')} error={error} onRetry={() => void refetch()} />}
      </Shell>
    );
  }
  if (!mayAdminister(me.role)) return <Nowhere />;
  const isAdmin = me.role === 'admin';
  const seen = places.filter(({ role }) => isAdmin || role === 'manager');
  const place = places.find(({ path }) => path === part);
  const isMine = !place || seen.includes(place);
  const links = seen.map(({ path, key }) => ({
    to: path ? `/admin/${path}` : '/admin',
    name: t(`places.${key}`),
    end: path === '',
  }));
  return (
    <Shell part={part} tabs={<TabLinks label={t('places.name')} links={links} />}>
      {isMine ? (
        <Routes>
          <Route index element={<OverviewPage />} />
          <Route path="people" element={<PeoplePage />} />
          <Route path="people/:personId" element={<PersonPage />} />
          <Route path="stories" element={<StoriesOfPeoplePage />} />
          <Route path="stories/:storyId" element={<StoryOfPersonPage />} />
          <Route path="invitations" element={<InvitationsPage />} />
          <Route path="dead-letters" element={<DeadLettersPage />} />
          <Route path="audit" element={<AuditPage />} />
          <Route path="settings" element={<SettingsPage />} />
          <Route path="*" element={<NotFound />} />
        </Routes>
      ) : (
        <ForAdministrators place={place.key} />
      )}
    </Shell>
  );
}

interface ShellProps {
  /** What is shown: another part begins at its top. */
  readonly part: string;
  readonly tabs?: ReactNode;
  readonly children: ReactNode;
}

function Shell({ part, tabs, children }: ShellProps) {
  return (
    <>
      <div className="mx-auto min-h-10 w-full max-w-6xl shrink-0 px-4 pb-2">{tabs}</div>
      <Scroller key={part}>
        <div className="mx-auto flex w-full max-w-6xl flex-col gap-8 px-4 pt-6 pb-12">
          <Suspense fallback={null}>{children}</Suspense>
        </div>
      </Scroller>
    </>
  );
}

function NotFound() {
  const { t } = useTranslation();
  useTitle(t('notFound.name'));
  return <NotFoundNote />;
}

/** As any address at which there is nothing. */
const Nowhere = () => (
  <Scroller>
    <div className="mx-auto flex w-full max-w-104 flex-col gap-8 px-4 py-12">
      <NotFound />
    </div>
  </Scroller>
);

/** A manager has come to a place of administrators. */
function ForAdministrators({ place }: { readonly place: (typeof places)[number]['key'] }) {
  const { t } = useTranslation('administration');
  return (
    <AdminPage title={t(`places.${place}`)}>
      <EmptyState
        title={t('door.title')}
        action={
          <Link to="/admin" className={buttonClasses('plain')}>
            {t('door.leave')}
          </Link>
        }
      >
        {t('door.explained')}
      </EmptyState>
    </AdminPage>
  );
}
