import { type ReactNode, useId } from 'react';

interface PanelProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** Something of a person or of the installation that can be changed by itself. */
export function Panel({ title, children }: PanelProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="flex flex-col items-start gap-4 rounded-card border border-line bg-surface p-4"
    >
      <h2 id={id} className="font-medium">
        {title}
      </h2>
      {children}
    </section>
  );
}
