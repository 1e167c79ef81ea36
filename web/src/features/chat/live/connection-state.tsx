import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEntry, useSessionState } from '../../../api/entry-context.ts';
import { formatNumber } from '../../../ui/format.ts';
import { useConnection, useNextTry } from './use-store.ts';

const dots = {
  connecting: 'border-2 border-warn',
  connected: 'bg-good',
  reconnecting: 'border-2 border-warn',
  offline: 'border-2 border-bad',
  signedOut: 'border-2 border-edge',
} as const;

/** Whether the page has its connection, as a mark and a word. How long it still waits is seen, and not read out each second. */
export function ConnectionState() {
  const { t } = useTranslation('chat');
  const connection = useConnection();
  const seconds = useSecondsUntil(useNextTry());
  const isOver = useSessionState(useEntry()).kind === 'ended';
  const state = isOver ? 'signedOut' : connection;
  const counts = state === 'reconnecting' && seconds > 0;
  return (
    <div
      data-connection-state={connection}
      className="flex items-center gap-2 text-ink-soft text-small tabular-nums print:hidden"
    >
      <span className={`size-2 shrink-0 rounded-full ${dots[state]}`} aria-hidden />
      <span role="status" className={counts ? 'sr-only' : ''}>
        {t(`connection.${state}`)}
      </span>
      {counts && <span aria-hidden>{t('connection.reconnectingIn', { seconds: formatNumber(seconds) })}</span>}
    </div>
  );
}

const tickMs = 250;

/** Whole seconds until a moment, live; 0 where there is none, or it has come. */
function useSecondsUntil(moment: number | undefined): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (moment === undefined) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, [moment]);
  return moment === undefined ? 0 : Math.max(0, Math.ceil((moment - now) / 1000));
}
