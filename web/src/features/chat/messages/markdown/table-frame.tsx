import type { ReactNode } from 'react';

/** A table's own place, in which it scrolls where it is wider than the answer; both begin where the table's language does. */
export function TableFrame({ children }: { readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <div className="table-frame" dir="auto" tabIndex={0}>
      {children}
    </div>
  );
}
