import type { CommandName } from './commands.ts';

export interface Shortcut {
  readonly command: CommandName;
  /** As `KeyboardEvent.key` has it, in small letters. */
  readonly key: string;
  /** With ⌘ on a Mac, and Ctrl elsewhere. */
  readonly mod?: true;
  readonly shift?: true;
}

export const shortcuts: readonly Shortcut[] = [
  { command: 'newChat', key: 'o', mod: true, shift: true },
  { command: 'filter', key: 'k', mod: true },
  { command: 'focusComposer', key: 'escape', shift: true },
  { command: 'stop', key: 'escape' },
  { command: 'copyLast', key: 'c', mod: true, shift: true },
  { command: 'toggleSidebar', key: 's', mod: true, shift: true },
  { command: 'showShortcuts', key: '?' },
];

export const isMac = (platform: string): boolean => /^(Mac|iP)/.test(platform);

/** The keys as people know them, one word each. */
export function keysOf({ key, mod, shift }: Shortcut, mac: boolean): readonly string[] {
  const name = key === 'escape' ? 'Esc' : key.toUpperCase();
  return [...(mod ? [mac ? '⌘' : 'Ctrl'] : []), ...(shift ? [mac ? '⇧' : 'Shift'] : []), name];
}

type Press = Pick<KeyboardEvent, 'key' | 'code' | 'metaKey' | 'ctrlKey' | 'altKey' | 'shiftKey'>;

/** The shortcut that was pressed. Letters count by their place too: another alphabet has other ones there. */
export function shortcutOf(press: Press, mac: boolean): Shortcut | undefined {
  const mod = mac ? press.metaKey : press.ctrlKey;
  const otherMod = mac ? press.ctrlKey : press.metaKey;
  if (press.altKey || otherMod) return undefined;
  return shortcuts.find(
    (shortcut) =>
      Boolean(shortcut.mod) === mod &&
      // Where `?` is on the keyboard, and whether it takes Shift, depends on its layout.
      (shortcut.key === '?' || Boolean(shortcut.shift) === press.shiftKey) &&
      (shortcut.key === press.key.toLowerCase() ||
        (shortcut.mod === true && press.code === `Key${shortcut.key.toUpperCase()}`)),
  );
}

const fields = 'input, textarea, select, [contenteditable]';

/**
 * Whether a press belongs to what is being written or asked, and is no shortcut there. In the message's own box, what writes
 * nothing is one all the same: that is where most people are.
 */
export function isTaken(press: Press & { readonly target: EventTarget | null }, shortcut: Shortcut): boolean {
  if (document.querySelector('dialog[open], [role="menu"]')) return true;
  const field = press.target instanceof Element ? press.target.closest(fields) : null;
  if (!field) return false;
  if (shortcut.mod) return false;
  return shortcut.key !== 'escape' || !field.matches('textarea');
}
