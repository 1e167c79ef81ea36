import { useConnection } from './use-store.ts';

const states = {
  connecting: { word: 'Connecting', dot: 'border-2 border-warn' },
  connected: { word: 'Connected', dot: 'bg-good' },
  reconnecting: { word: 'Reconnecting', dot: 'border-2 border-warn' },
  offline: { word: 'Offline', dot: 'border-2 border-bad' },
} as const;

/** Whether the page has its connection, as a mark and a word. */
export function ConnectionState() {
  const connection = useConnection();
  const { word, dot } = states[connection];
  return (
    <p role="status" data-connection-state={connection} className="flex items-center gap-2 text-ink-soft text-small">
      <span className={`size-2 shrink-0 rounded-full ${dot}`} aria-hidden />
      {word}
    </p>
  );
}
