import type { Outcome } from './people.ts';

/** One thing that happened while people chatted, and what became of their answers. */
export interface Chapter {
  readonly name: string;
  /** How long it took until all was in place again. */
  readonly seconds: number;
  readonly outcome: Outcome;
}

const columns = {
  started: 'started',
  completed: 'completed',
  exact: 'exact',
  mismatches: 'mismatches',
  lost: 'lost',
  failed: 'failed',
  resumed: 'resumed',
  askedToWait: '503',
  serverErrors: 'other 5xx',
  signedOut: 'signed out',
} as const;

/** What holds after each chapter, by name, where it does not. */
export function breaches({ name, outcome: { counts, checks } }: Chapter): string[] {
  const count = (of: string) => counts[of] ?? 0;
  const wrong = [
    count('started') === 0 && 'nobody asked anything',
    count('completed') !== count('started') && `${count('completed')} of ${count('started')} answers complete`,
    count('exact') !== count('completed') && `${count('exact')} of ${count('completed')} answers as stored`,
    ...['mismatches', 'lost', 'failed', 'duplicates', 'serverErrors', 'signedOut', 'refused', 'scriptErrors'].map(
      (of) => count(of) > 0 && `${of}: ${count(of)}`,
    ),
    ...checks.filter(({ passed }) => !passed).map((check) => `${check.name} is ${check.value}`),
  ];
  return wrong.filter((line) => line !== false).map((line) => `${name}: ${line}`);
}

/** The counts as a table for people. */
export function table(chapters: readonly Chapter[]): string {
  const rows = chapters.map(({ name, seconds, outcome: { counts, milliseconds } }) => [
    name,
    seconds.toFixed(0),
    ...Object.keys(columns).map((of) => `${counts[of] ?? 0}`),
    `${Math.round(milliseconds['firstToken']?.median ?? 0)}/${Math.round(milliseconds['firstToken']?.p95 ?? 0)}`,
  ]);
  const head = ['', 'seconds', ...Object.values(columns), 'first token ms, median/p95'];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [head, ...rows].map(line).join('\n');
}
