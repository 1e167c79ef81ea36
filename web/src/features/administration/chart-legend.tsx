import type { Line } from './chart-data.ts';
import { lookOf } from './chart-look.ts';

interface ChartLegendProps {
  readonly lines: readonly Line[];
  readonly shape: 'bars' | 'lines';
  /** The point that the values are of. */
  readonly when: string;
  readonly tell: (line: Line) => string;
}

/** Which line is which, with its value at the pointer, or that of the whole period. */
export function ChartLegend({ lines, shape, when, tell }: ChartLegendProps) {
  return (
    <div className="flex min-h-6 flex-wrap items-center gap-x-5 gap-y-1 text-small tabular-nums">
      <span className="text-ink-soft">{when}</span>
      {lines.map((line, index) => (
        <span key={line.key} className="inline-flex min-w-0 items-center gap-2">
          <Mark index={index} shape={shape} />
          <span className="truncate">{line.name}</span>
          <span className="font-medium">{tell(line)}</span>
        </span>
      ))}
    </div>
  );
}

function Mark({ index, shape }: { readonly index: number; readonly shape: 'bars' | 'lines' }) {
  const { token, dash } = lookOf(index);
  if (shape === 'bars') return <span aria-hidden className="size-3 shrink-0 bg-lamp" />;
  return (
    <svg viewBox="0 0 24 4" className="h-1 w-6 shrink-0" aria-hidden="true">
      <path d="M0 2h24" stroke={`var(${token})`} strokeWidth="2" strokeDasharray={dash.join(' ')} />
    </svg>
  );
}
