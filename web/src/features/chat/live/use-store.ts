import { useSyncExternalStore } from 'react';
import type { Answer } from '../../../api/answer.ts';
import type { Unsent } from '../../../api/outbox.ts';
import type { Connection } from '../../../api/socket.ts';
import { useChat } from '../chat-context.ts';

export function useConnection(): Connection {
  const { socket } = useChat();
  return useSyncExternalStore(socket.subscribe, socket.state);
}

/** When the connection is tried again, in milliseconds since 1970; nothing while it stands or is being tried. */
export function useNextTry(): number | undefined {
  const { socket } = useChat();
  return useSyncExternalStore(socket.subscribe, socket.nextTry);
}

export function useOutbox(): readonly Unsent[] {
  const { outbox } = useChat();
  return useSyncExternalStore(outbox.subscribe, outbox.all);
}

export function useAnswer(runId: string): Answer {
  const { answers } = useChat();
  return useSyncExternalStore(answers.subscribe, () => answers.get(runId));
}
