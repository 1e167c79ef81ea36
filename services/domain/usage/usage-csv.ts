import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { z } from 'zod';
import type { exportQuery } from '#contract/usage.ts';
import type { Analytics } from './analytics.ts';
import { eachPerson, namesOf, noName } from './analytics-people.ts';
import { seriesOf } from './analytics-series.ts';
import { readPeriod } from './periods.ts';

type ExportQuery = z.output<typeof exportQuery>;
type Row = Readonly<Record<string, string | number | undefined>>;

const figures = [
  ['requests', 'requests'],
  ['errors', 'errors'],
  ['messages', 'messages'],
  ['failedAnswers', 'failed_answers'],
  ['stories', 'stories'],
  ['inputTokens', 'input_tokens'],
  ['outputTokens', 'output_tokens'],
  ['cost', 'cost'],
] as const;

/** The columns of each file, by the field that they show. */
const columns = {
  timeseries: [
    ['at', 'at'],
    ['series', 'series'],
    ['name', 'name'],
    ...figures,
    ['meanResponseMs', 'mean_response_ms'],
    ['p95ResponseMs', 'p95_response_ms'],
  ],
  people: [
    ['personId', 'person_id'],
    ['name', 'name'],
    ['role', 'role'],
    ...figures,
    ['lastActiveAt', 'last_active_at'],
  ],
} as const;

export interface UsageFile {
  readonly name: string;
  /** CSV in UTF-8 as RFC 4180 has it, made as it is read. */
  readonly content: Readable;
}

/** Figures as a file. What would stop it is thrown before its first line: `invalid_request`, `store_unavailable`. */
export async function exportUsage(analytics: Analytics, query: ExportQuery): Promise<UsageFile> {
  const period = readPeriod(query, analytics.clock.now());
  const rows = query.what === 'people' ? eachPerson(analytics, period) : seriesRows(analytics, query);
  const first = await rows.next();
  const dates = [period.from, period.to - 1].map((at) => new Date(at).toISOString().slice(0, 10));
  const toText = stringify({
    header: true,
    columns: columns[query.what].map(([key, header]) => ({ key, header })),
    record_delimiter: 'windows',
    // A program that shows a table would compute what begins like a formula: a name can.
    escape_formulas: true,
  });
  const source = Readable.from(firstAndRest(first, rows));
  source.on('error', (error) => toText.destroy(error));
  toText.on('close', () => source.destroy());
  return { name: `lamplight-${query.what}-${dates.join('-to-')}.csv`, content: source.pipe(toText) };
}

async function* firstAndRest(first: IteratorResult<Row>, rest: AsyncGenerator<Row>): AsyncGenerator<Row> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

async function* seriesRows(analytics: Analytics, query: ExportQuery): AsyncGenerator<Row> {
  const { items } = await seriesOf(analytics, query);
  const names = await namesOf(
    analytics,
    items.flatMap(({ personId }) => personId ?? []),
  );
  for (const { model, personId, others, points } of items) {
    const series = others ? 'others' : (model ?? personId ?? '');
    const name = personId === undefined ? '' : (names.get(personId)?.name ?? noName);
    for (const point of points) yield { series, name, ...point };
  }
}
