import { DropdownMenu } from 'radix-ui';
import type { ComponentType, ReactElement } from 'react';

interface MenuItem {
  readonly name: string;
  readonly Icon: ComponentType<{ readonly className?: string }>;
  readonly onSelect: () => void;
  /** What it does cannot be undone. */
  readonly isDanger?: boolean;
}

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly items: readonly MenuItem[];
}

/** What can be done with something, in a list that opens at its button. */
export function Menu({ trigger, items }: MenuProps) {
  return (
    // A modal one would hide the page from screen readers, and take the first press beside it, for a short list.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          collisionPadding={16}
          className="z-10 min-w-44 rounded-card border border-line bg-surface p-1 text-ink shadow-raised data-[state=open]:animate-[fade_120ms]"
        >
          {items.map(({ name, Icon, onSelect, isDanger = false }) => (
            <DropdownMenu.Item
              key={name}
              onSelect={onSelect}
              className={`flex min-h-10 cursor-pointer items-center gap-3 rounded-control px-3 outline-none data-highlighted:bg-sunken data-highlighted:inset-ring data-highlighted:inset-ring-lamp-strong ${isDanger ? 'text-bad' : ''}`}
            >
              <Icon className="size-4" /> {name}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
