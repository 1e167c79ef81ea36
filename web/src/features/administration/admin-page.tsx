import type { ReactNode } from 'react';
import { useTitle } from '../../ui/use-title.ts';

interface AdminPageProps {
  readonly title: string;
  readonly intro?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the administration: wider than other places, for tables and figures. */
export function AdminPage({ title, intro, actions, children }: AdminPageProps) {
  useTitle(title);
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div className="flex min-w-0 flex-col gap-1">
          <h1 className="font-serif text-display tracking-[-0.01em]">{title}</h1>
          {intro && <p className="text-ink-soft">{intro}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-end gap-2">{actions}</div>}
      </div>
      {children}
    </>
  );
}
