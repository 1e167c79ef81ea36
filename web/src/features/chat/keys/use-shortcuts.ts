import { useEffect } from 'react';
import { useChat } from '../chat-context.ts';
import { isComposing } from '../composer/is-composing.ts';
import { isMac, isTaken, shortcutOf } from './shortcuts.ts';

/** Listens to the keys of the whole page. What a part of it has used already is left alone. */
export function useShortcuts(): void {
  const { commands } = useChat();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isComposing(event)) return;
      const shortcut = shortcutOf(event, isMac(navigator.platform));
      if (!shortcut || isTaken(event, shortcut)) return;
      if (commands.run(shortcut.command)) event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [commands]);
}
