import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Collection, Scalar, Where } from '#platform/store/store.ts';
import {
  type CounterName,
  type Counts,
  counterNames,
  hourMs,
  responseBounds,
  type UsageHour,
} from './usage-records.ts';
import { addCounts } from './usage-shares.ts';

/** From the first moment to before the last, in milliseconds since the epoch. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** Asked at a time: a process that holds the data itself does all else in between. */
const stretchMs = 2 * 24 * hourMs;
const fields = counterNames.map((name) => `counts.${name}`);

export type SumKey = 'hour' | 'personId' | 'model';
export interface KeyedCounts {
  readonly key: Readonly<Partial<Record<SumKey, Scalar>>>;
  readonly counts: Counts;
}

/** Sums of the hours that begin in a period, grouped by `by`, in no particular order. */
export async function sumUsage(
  hours: Collection<UsageHour>,
  { from, to }: Period,
  by: readonly SumKey[],
  where: Where = {},
): Promise<readonly KeyedCounts[]> {
  const groups = new Map<string, KeyedCounts>();
  for (let at = from; at < to; at += stretchMs) {
    const stretch = { gte: at, lt: Math.min(at + stretchMs, to) };
    for (const row of await hours.sum({ where: { ...where, hour: stretch }, by, fields })) {
      const key = Object.fromEntries(by.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])));
      const id = JSON.stringify(by.map((name) => key[name] ?? null));
      const group = groups.get(id) ?? { key, counts: {} };
      addCounts(group.counts, countsOf(row));
      groups.set(id, group);
    }
    await nextTurn();
  }
  return [...groups.values()];
}

const countsOf = (row: Readonly<Record<string, Scalar>>): Counts =>
  Object.fromEntries(counterNames.map((name) => [name, Number(row[`counts.${name}`] ?? 0)]));

export function totalOf(all: readonly KeyedCounts[]): Counts {
  const total: Counts = {};
  for (const { counts } of all) addCounts(total, counts);
  return total;
}

/** Who took the most comes first: tokens, then requests. */
export const mostFirst = (a: Counts, b: Counts): number =>
  tokensOf(b) - tokensOf(a) || (b.requests ?? 0) - (a.requests ?? 0);

const tokensOf = ({ inputTokens = 0, outputTokens = 0 }: Counts): number => inputTokens + outputTokens;

/** Counts as the contract has them. */
export function presentFigures(counts: Counts) {
  const of = (name: CounterName) => counts[name] ?? 0;
  return {
    requests: of('requests'),
    errors: of('errors'),
    messages: of('messages'),
    failedAnswers: of('failedAnswers'),
    stories: of('stories'),
    inputTokens: of('inputTokens'),
    outputTokens: of('outputTokens'),
    cost: of('costNanos') / 1e9,
  };
}

/** The mean, and the bound that 95 of 100 complete answers kept; of answers beyond the last bound only that is known. */
export function presentTimes(counts: Counts): { meanResponseMs?: number; p95ResponseMs?: number } {
  const answers = counts.answers ?? 0;
  if (answers === 0) return {};
  const meanResponseMs = Math.round((counts.responseMs ?? 0) / answers);
  let within = 0;
  const p95 = responseBounds.find((bound) => {
    within += counts[`le${bound}`] ?? 0;
    return within >= answers * 0.95;
  });
  return { meanResponseMs, p95ResponseMs: p95 ?? responseBounds[responseBounds.length - 1] ?? 0 };
}
