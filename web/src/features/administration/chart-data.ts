import { type MeasureName, measureOf, type Series } from './measures.ts';

/** A line of a chart: a value for each of its points, nothing where there is none to tell. */
export interface Line {
  readonly key: string;
  readonly name: string;
  readonly values: ReadonlyArray<number | null>;
  /** Of the whole period, where values can be added up. */
  readonly total: number | undefined;
}

export interface ChartData {
  /** The beginning of each hour or day. */
  readonly at: readonly string[];
  readonly lines: readonly Line[];
}

/** More could not be told from each other. */
const mostLines = 5;

interface Naming {
  readonly nameOf: (series: Series) => string;
  /** Of what is not shown by itself. */
  readonly others: string;
}

/** The largest series as lines, all others as one where their values can be added up. */
export function chartDataOf(items: readonly Series[], name: MeasureName, { nameOf, others }: Naming): ChartData {
  const { of, isSum } = measureOf(name);
  const lines = items
    .map((series): Line => {
      const values = series.points.map((point) => of(point) ?? null);
      const total = isSum ? addUp(values) : undefined;
      return { key: keyOf(series), name: nameOf(series), values, total };
    })
    .filter(({ values }) => items.length === 1 || values.some((value) => value !== null && value > 0))
    .toSorted((a, b) => (b.total ?? 0) - (a.total ?? 0));
  const at = items[0]?.points.map((point) => point.at) ?? [];
  if (lines.length <= mostLines) return { at, lines };
  if (!isSum) return { at, lines: lines.slice(0, mostLines) };
  const shown = lines.filter(({ key }) => key !== othersKey).slice(0, mostLines - 1);
  const rest = lines.filter((line) => !shown.includes(line));
  const values = at.map((_, index) => addUp(rest.map((line) => line.values[index] ?? 0)));
  return { at, lines: [...shown, { key: othersKey, name: others, values, total: addUp(values) }] };
}

const othersKey = 'others';
const keyOf = ({ model, personId, others }: Series): string =>
  others ? othersKey : (model ?? personId ?? 'without a name');

const addUp = (values: ReadonlyArray<number | null>): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);
