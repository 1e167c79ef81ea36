import { useEffect, useEffectEvent } from 'react';
import { useChat } from '../chat-context.ts';
import type { CommandName } from './commands.ts';

/** Offers something to the keyboard while this is shown, and only where there is a handler. */
export function useCommand(name: CommandName, handler: (() => void) | undefined): void {
  const { commands } = useChat();
  // The first handler may hold much (a conversation), so nothing that stays may be made beside it.
  const run = useEffectEvent(handler ?? nothing);
  const isOffered = handler !== undefined;
  useEffect(() => (isOffered ? commands.offer(name, () => run()) : undefined), [commands, name, isOffered]);
}

const nothing = (): void => {};
