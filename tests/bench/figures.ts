/** One number that was measured, and what it should be. */
export interface Figure {
  /** What it is a figure of: `standalone, 300 streams`. */
  readonly of: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** It should be at most this. */
  readonly target?: number;
}

export const isMissed = ({ value, target }: Figure): boolean => target !== undefined && value > target;

/** Three digits say enough of anything measured. */
const rounded = (value: number): string => {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
};

/** A table as Markdown has it, so that it can be pasted. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.of,
    figure.name,
    `${rounded(figure.value)} ${figure.unit}`,
    figure.target === undefined ? '' : `≤ ${figure.target} ${figure.unit}`,
    figure.target === undefined ? '' : isMissed(figure) ? 'missed' : 'met',
  ]);
  const head = ['of', 'figure', 'measured', 'target', ''];
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
