import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '#contract/conversations.ts';
import type { Unsent } from '../../../api/outbox.ts';
import { whenIdle } from '../../../ui/when-idle.ts';
import { UnsentMessage } from './user-message.tsx';

export interface MessageListProps {
  /** Of the conversation: another one starts at its end. */
  readonly listKey: string;
  /** Oldest first. */
  readonly thread: readonly Message[];
  readonly unsent: readonly Unsent[];
  /** Earlier messages: asked for as their place comes near, or, where they could not be had, when somebody says so. */
  readonly older: 'none' | 'there' | 'failed';
  /** Messages are being asked for: further ones wait, since the one would call off the other. */
  readonly isBusy: boolean;
  readonly onOlder: () => void;
}

// What draws answers is most of the page; where a chat begins there are none yet.
let loaded: typeof import('./messages.tsx') | undefined;
const load = async () => {
  loaded = await import('./messages.tsx');
  return loaded;
};
/** Where there is no network, it comes with the network: what was said meanwhile stands there, and waits. */
const loadWhenOnline = async (): ReturnType<typeof load> => {
  try {
    return await load();
  } catch (error) {
    if (navigator.onLine) throw error;
    await new Promise((resolve) => window.addEventListener('online', resolve, { once: true }));
    return loadWhenOnline();
  }
};
const MessagesLater = lazy(async () => ({ default: (await loadWhenOnline()).Messages }));

/** How long the page has been there before it loads what nobody has asked for yet, in milliseconds. */
const settledMs = 1_000;

/**
 * Loads what draws answers as soon as somebody does anything, or when the page has nothing else to do: it is there when the first
 * is. The answer forgets that.
 */
export function loadAtFirstSign(): () => void {
  const signs = ['pointermove', 'pointerdown', 'keydown'];
  let forgetIdle = () => {};
  const timer = setTimeout(() => {
    forgetIdle = whenIdle(seen);
  }, settledMs);
  const forget = () => {
    clearTimeout(timer);
    forgetIdle();
    for (const sign of signs) window.removeEventListener(sign, seen);
  };
  const seen = () => {
    forget();
    // Whoever needs it asks again, and tells of what went wrong.
    load().then(
      ({ getReady }) => getReady(),
      () => undefined,
    );
  };
  for (const sign of signs) window.addEventListener(sign, seen, { passive: true });
  return forget;
}

/** Has the last answers of a conversation read while the page has nothing else to do. */
export function prepareAnswers(thread: readonly Message[]): void {
  const last = thread.slice(-mostPrepared).filter(({ role, status }) => role === 'assistant' && status !== 'running');
  // Whoever needs it asks again, and tells of what went wrong.
  load().then(
    ({ readAhead }) => readAhead(last.reverse().map(({ text }) => text)),
    () => undefined,
  );
}

/** As many messages as are seen at once. */
const mostPrepared = 4;

export function MessageList(props: MessageListProps) {
  // What is loaded is drawn at once: whatever is lazy waits for a turn of its own.
  const [Messages] = useState(() => loaded?.Messages ?? MessagesLater);
  return (
    <Suspense fallback={<Beginning unsent={props.unsent} />}>
      {/* The list of a new conversation becomes that of the one it begins. */}
      <Messages {...props} />
    </Suspense>
  );
}

/** What was said stands there at once, where it stays. */
function Beginning({ unsent }: Pick<MessageListProps, 'unsent'>) {
  const { t } = useTranslation('chat');
  return (
    <div
      role="log"
      aria-label={t('message.list')}
      aria-live="off"
      className="mx-auto flex min-h-0 w-full max-w-3xl flex-1 flex-col gap-6 px-4 pt-6"
    >
      {unsent.map((message) => (
        <UnsentMessage key={message.clientMessageId} unsent={message} />
      ))}
    </div>
  );
}
