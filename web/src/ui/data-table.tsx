import type { ReactNode } from 'react';
import { Skeleton } from './skeleton.tsx';

export interface Column<T> {
  readonly key: string;
  readonly name: string;
  /** Its head is only for those who hear the page: what stands in it says what it is. */
  readonly isUnnamed?: boolean;
  readonly isNumber?: boolean;
  /** Stays on one line, as a day and its time do. */
  readonly isLine?: boolean;
  readonly cell: (row: T) => ReactNode;
}

interface DataTableProps<T> {
  /** What it lists, for those who hear the page. */
  readonly caption: string;
  /** The first names its row. */
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** So many rows are on their way. */
  readonly awaited?: number;
  /** It scrolls within this height, its heads staying. */
  readonly className?: string;
}

const cellClasses = <T,>({ isNumber, isLine }: Column<T>): string =>
  `h-12 px-3 py-1 ${isNumber ? 'text-end' : 'text-start'} ${isNumber || isLine ? 'whitespace-nowrap' : ''}`;

/** Rows of the same kind. Where it is wider than the window it scrolls by itself, and the names of its rows stay. */
export function DataTable<T>({ caption, columns, rows, keyOf, awaited = 0, className = '' }: DataTableProps<T>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section aria-label={caption} tabIndex={0} className={`shaded-ends relative overflow-auto ${className}`}>
      <table
        aria-busy={awaited > 0}
        className="wrap-break-word w-full border-collapse tabular-nums [&_a]:inline-flex [&_a]:min-h-10 [&_a]:items-center"
      >
        <caption className="sr-only">{caption}</caption>
        <thead className="sticky top-0 z-1 bg-paper">
          <tr className="border-line border-b text-ink-soft text-small">
            {columns.map(({ key, name, isUnnamed, isNumber }, index) => (
              <th
                key={key}
                scope="col"
                className={`h-10 whitespace-nowrap px-3 font-medium ${isNumber ? 'text-end' : 'text-start'} ${index === 0 ? 'sticky start-0 bg-paper' : ''}`}
              >
                {isUnnamed ? <span className="sr-only">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-line border-b last:border-0">
              {columns.map((column, index) =>
                index === 0 ? (
                  <th
                    key={column.key}
                    scope="row"
                    className={`wrap-anywhere sticky start-0 min-w-40 max-w-60 bg-paper font-medium ${cellClasses(column)}`}
                  >
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} className={cellClasses(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
          {Array.from({ length: awaited }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows that are not there yet differ in nothing
            <tr key={row} className="border-line border-b last:border-0">
              {columns.map((column) => (
                <td key={column.key} className={cellClasses(column)}>
                  <Skeleton className="h-4 min-w-12" />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
