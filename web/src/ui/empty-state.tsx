import type { ReactNode } from 'react';

interface EmptyStateProps {
  /** What this place is for. */
  readonly title: string;
  readonly children?: ReactNode;
  /** The first step. */
  readonly action?: ReactNode;
}

/** A place with nothing in it yet: says what it is for, and offers the first step. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-start gap-4 rounded-card border border-line border-dashed px-6 py-8">
      <div className="flex flex-col gap-1">
        <p className="font-medium">{title}</p>
        {children && <div className="text-ink-soft">{children}</div>}
      </div>
      {action}
    </div>
  );
}
