import type { z } from 'zod';
import type { series, seriesQuery } from '#contract/usage.ts';
import { type Analytics, asMoment } from './analytics.ts';
import { daysOf, hoursOf, readPeriod, refused, type Slot } from './periods.ts';
import { type Counts, nobody, noModel } from './usage-records.ts';
import { addCounts } from './usage-shares.ts';
import { type KeyedCounts, mostFirst, presentFigures, presentTimes, type SumKey, sumUsage } from './usage-sums.ts';

type SeriesQuery = z.output<typeof seriesQuery>;
type Series = z.output<typeof series>;

/** Of all series together. */
const mostPoints = 10_000;
/** The rest is one series. */
const mostSeries = 50;

interface Line {
  readonly name: string;
  readonly others: boolean;
  readonly total: Counts;
  readonly bySlot: Counts[];
}

/** Figures by hour or day; what nothing happened in is zero. Throws `invalid_request` where that is too much. */
export async function seriesOf({ records, clock }: Analytics, query: SeriesQuery): Promise<Series> {
  const period = readPeriod(query, clock.now());
  const slots = query.by === 'hour' ? hoursOf(period) : daysOf(period, query.timeZone);
  const found = new Map<string, Line>();
  const add = (slot: number, { key, counts }: KeyedCounts) => {
    const name = query.split === undefined ? '' : String(key[splitKeys[query.split]]);
    const line = found.get(name) ?? { name, others: false, total: {}, bySlot: slots.map(() => ({})) };
    addCounts(line.total, counts);
    addCounts(line.bySlot[slot] ?? {}, counts);
    found.set(name, line);
  };
  await readSlots(records, query, { period, slots, add });
  const lines = leading([...found.values()], slots.length);
  if (lines.length === 0 && query.split === undefined) lines.push(blank(slots.length));
  if (lines.length * slots.length > mostPoints) throw tooMany(lines.length, slots.length);
  return {
    from: asMoment(period.from),
    to: asMoment(period.to),
    items: lines.map((line) => ({
      ...nameOf(line, query),
      points: slots.map(({ at }, n) => point(at, line.bySlot[n])),
    })),
  };
}

const splitKeys = { model: 'model', person: 'personId' } as const satisfies Record<string, SumKey>;

interface Slots {
  readonly period: { readonly from: number; readonly to: number };
  readonly slots: readonly Slot[];
  readonly add: (slot: number, row: KeyedCounts) => void;
}

async function readSlots({ hours }: Analytics['records'], query: SeriesQuery, { period, slots, add }: Slots) {
  const { personId, model, split } = query;
  // One of the two is asked of the store, since there is an index for each.
  const where = personId !== undefined ? { personId } : model !== undefined ? { model } : {};
  const both = personId !== undefined && model !== undefined;
  const by: SumKey[] = [...(split ? [splitKeys[split]] : []), ...(both && split !== 'model' ? ['model' as const] : [])];
  const fits = ({ key }: KeyedCounts) => !both || key.model === model;
  if (query.by === 'hour') {
    const indexOf = new Map(slots.map(({ at }, index) => [at, index]));
    for (const row of await sumUsage(hours, period, ['hour', ...by], where)) {
      if (fits(row)) add(indexOf.get(Number(row.key.hour)) ?? 0, row);
    }
    return;
  }
  for (const [index, slot] of slots.entries()) {
    for (const row of await sumUsage(hours, slot, by, where)) if (fits(row)) add(index, row);
  }
}

const blank = (slots: number): Line => ({
  name: '',
  others: false,
  total: {},
  bySlot: Array.from({ length: slots }, () => ({})),
});

/** The largest, and one of all the others. */
function leading(lines: readonly Line[], slots: number): Line[] {
  const sorted = lines.toSorted((a, b) => mostFirst(a.total, b.total) || (a.name < b.name ? -1 : 1));
  const rest = sorted.splice(mostSeries);
  if (rest.length === 0) return sorted;
  const others = { ...blank(slots), others: true };
  for (const { bySlot } of rest) {
    for (const [slot, counts] of bySlot.entries()) addCounts(others.bySlot[slot] ?? {}, counts);
  }
  return [...sorted, others];
}

/** Requests belong to no model, and some to no person: their series has neither name. */
function nameOf({ name, others }: Line, { split }: SeriesQuery) {
  if (others) return { others };
  if (split === 'model' && name !== noModel) return { model: name };
  if (split === 'person' && name !== nobody) return { personId: name };
  return {};
}

const point = (at: number, counts: Counts = {}) => ({
  at: asMoment(at),
  ...presentFigures(counts),
  ...presentTimes(counts),
});

const tooMany = (series: number, points: number) =>
  refused(
    'from',
    `That is ${series} series of ${points} points, more than ${mostPoints} points in all. Ask for days instead of hours, or for a shorter period.`,
  );
