import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { TraceId } from './trace-id.tsx';

interface ErrorNoteProps {
  /** What happened. */
  readonly title: string;
  /** What was kept and what to do. */
  readonly children?: ReactNode;
  readonly traceId?: string | undefined;
  readonly actions?: ReactNode;
  /** What the title is: of the whole page where the error stands in its place. */
  readonly heading?: 'p' | 'h1';
}

/** An error where it happened: what happened, what was kept, what to do, and the ID to report it by. */
export function ErrorNote({ title, children, traceId, actions, heading: Heading = 'p' }: ErrorNoteProps) {
  return (
    <div role="alert" className="flex gap-3 rounded-card border border-line bg-surface px-4 py-3 text-body">
      <TriangleAlert className="mt-0.5 size-4.5 shrink-0 text-bad" aria-hidden />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <Heading className="font-medium">{title}</Heading>
        {children && <div className="text-ink-soft">{children}</div>}
        {(actions || traceId) && (
          <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-2">
            {actions}
            {traceId && <TraceId id={traceId} />}
          </div>
        )}
      </div>
    </div>
  );
}
