import { type ReactNode, useId } from 'react';

interface SectionProps {
  readonly title: string;
  /** What it is about, where the title alone does not say. */
  readonly intro?: ReactNode;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** A part of a page under a title of its own. */
export function Section({ title, intro, actions, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="flex min-w-0 flex-col gap-1">
          <h2 id={id} className="font-semibold text-title">
            {title}
          </h2>
          {intro && <p className="text-ink-soft">{intro}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  );
}
