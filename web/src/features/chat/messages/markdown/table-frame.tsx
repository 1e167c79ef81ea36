import type { ReactNode } from 'react';

/** A table's own place, in which it scrolls where it is wider than the answer. */
export function TableFrame({ children }: { readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <div className="table-frame" tabIndex={0}>
      {children}
    </div>
  );
}
