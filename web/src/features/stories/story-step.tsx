import { type ReactNode, useId } from 'react';
import { formatNumber } from '../../ui/format.ts';

interface StoryStepProps {
  readonly number: number;
  readonly title: string;
  readonly children: ReactNode;
}

/** One of the steps to a story, all on one page. */
export function StoryStep({ number, title, children }: StoryStepProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-5 border-line border-t pt-5">
      <h2 id={id} className="flex items-baseline gap-3 font-serif text-title">
        <span aria-hidden className="text-lamp-strong tabular-nums">
          {formatNumber(number)}
        </span>
        {title}
      </h2>
      {children}
    </section>
  );
}
