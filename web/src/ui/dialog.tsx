import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { bringTopLayer } from './top-layer.ts';

interface DialogProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** `drawer`: from the left edge, as high as the screen. */
  readonly shape?: 'card' | 'drawer';
}

const shapes = {
  card: 'm-auto w-[min(26rem,calc(100vw-2rem))] rounded-card border border-line p-6 shadow-raised animate-enter',
  drawer:
    'my-0 ms-0 me-auto h-dvh max-h-dvh w-[min(20rem,calc(100vw-3rem))] max-w-none border-e border-line p-0 shadow-raised animate-[slide_180ms_var(--ease-out)]',
} as const;

/** A modal dialog while it is mounted. The browser's own: it traps focus, closes on Escape and gives focus back. */
export function Dialog({ label, onClose, children, shape = 'card' }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isLeaving = useRef(false);
  // Before the paint, and undone before the element is removed: a removed dialog gives no focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    isLeaving.current = false;
    if (!element.open) element.showModal();
    const giveBack = bringTopLayer(element);
    return () => {
      isLeaving.current = true;
      element.close();
      giveBack();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog is a shortcut; Escape is the key for it.
    <dialog
      ref={dialog}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // Whoever presses Escape again and again is not asked twice: https://html.spec.whatwg.org/multipage/interaction.html#close-requests-and-close-watchers
      onClose={({ currentTarget }) => {
        if (isLeaving.current || currentTarget.open) return;
        currentTarget.showModal();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
      className={`${shapes[shape]} bg-surface text-ink backdrop:bg-shade backdrop:animate-[fade_180ms]`}
    >
      {children}
    </dialog>
  );
}
