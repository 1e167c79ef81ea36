import { MonitorSmartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { formatMoment } from '../../ui/format.ts';
import { Section } from '../../ui/section.tsx';
import { Loaded } from './loaded.tsx';
import { useAccountActions } from './use-account-actions.ts';
import { type DeviceSession, useEndSessions, useSessions } from './use-my-account.ts';

/** Where I am signed in; each but this one can be ended from here. */
export function SessionList({ isGuest }: { readonly isGuest: boolean }) {
  const { t } = useTranslation('account');
  const sessions = useSessions();
  const others = sessions.data?.items.filter(({ current }) => !current) ?? [];
  const endOthers = useEndSessions({ ended: t('sessions.othersEnded'), failed: t('sessions.othersFailed') });
  const { leaveEverywhere, isBusy } = useAccountActions();
  return (
    <Section title={t('sessions.title')}>
      <Loaded query={sessions}>
        {({ items }) => (
          <ul className="flex flex-col divide-y divide-line rounded-card border border-line bg-surface">
            {items.map((each) => (
              <Row key={each.id} session={each} />
            ))}
          </ul>
        )}
      </Loaded>
      <div className="flex flex-wrap gap-2">
        {others.length > 0 && (
          <Button disabled={endOthers.isPending} onClick={() => endOthers.mutate(others.map(({ id }) => id))}>
            {t('sessions.endOthers')}
          </Button>
        )}
        {!isGuest && (
          <Button disabled={isBusy} onClick={() => void leaveEverywhere()}>
            {t('sessions.endAll')}
          </Button>
        )}
      </div>
    </Section>
  );
}

function Row({ session }: { readonly session: DeviceSession }) {
  const { t } = useTranslation('account');
  const device = useDevice(session);
  const end = useEndSessions({ ended: t('sessions.ended', { device }), failed: t('sessions.endFailed') });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <MonitorSmartphone className="size-4.5 shrink-0 text-ink-soft" aria-hidden />
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-center gap-x-2 font-medium">
          <bdi>{device}</bdi>
          {session.current && (
            <span className="rounded-full bg-lamp px-2 text-lamp-ink text-small">{t('sessions.here')}</span>
          )}
        </p>
        <p className="text-ink-soft text-small">
          {t('sessions.used', { used: formatMoment(session.lastUsedAt), begun: formatMoment(session.createdAt) })}
        </p>
      </div>
      {!session.current && (
        <Button
          aria-label={t('sessions.endOne', { device })}
          disabled={end.isPending}
          onClick={() => end.mutate([session.id])}
        >
          {t('sessions.end')}
        </Button>
      )}
    </li>
  );
}

/** The server says it in English: `Firefox on Linux`. The names are the same everywhere. */
function useDevice({ device }: DeviceSession): string {
  const { t, i18n } = useTranslation('account');
  if (device === 'Unknown device') return t('sessions.unknown');
  return i18n.language === 'en' ? device : device.replace(' on ', ' · ');
}
