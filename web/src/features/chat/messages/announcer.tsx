import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '#contract/conversations.ts';

const spoken = {
  running: 'spoken.running',
  complete: 'spoken.complete',
  stopped: 'spoken.stopped',
  failed: 'spoken.failed',
  interrupted: 'spoken.failed',
} as const satisfies Record<Message['status'], string>;

interface AnnouncerProps {
  /** The latest of the conversation. */
  readonly answer: Pick<Message, 'id' | 'status'> | undefined;
  /** A message is on its way, and its answer will be the latest one. */
  readonly isAwaited: boolean;
}

/** Tells a screen reader how the answer goes, from the send on, without reading out each piece of it. */
export function Announcer({ answer, isAwaited }: AnnouncerProps) {
  const { t } = useTranslation('chat');
  const [said, setSaid] = useState<Message['status']>();
  /** The answer whose end is to be told: that of an earlier one is no news. */
  const followed = useRef<string>(undefined);
  const { id, status } = answer ?? {};
  useEffect(() => {
    if (status === 'running') followed.current = id;
    if (isAwaited) setSaid('running');
    else setSaid(id !== undefined && followed.current === id ? status : undefined);
  }, [id, status, isAwaited]);
  return (
    <p role="status" className="sr-only">
      {said && t(spoken[said])}
    </p>
  );
}
