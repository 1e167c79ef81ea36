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
  /** What nothing happened in is not there: there may be many lines of many slots before the largest are known. */
  readonly bySlot: Map<number, Counts>;
}

/** Figures by hour or day; what nothing happened in is zero. Throws `invalid_request` where that is too much. */
export async function seriesOf({ records, clock }: Analytics, query: SeriesQuery): Promise<Series> {
  const period = readPeriod(query, clock.now());
  const slots = query.by === 'hour' ? hoursOf(period) : daysOf(period, query.timeZone);
  const found = new Map<string, Line>();
  const add = (slot: number, { key, counts }: KeyedCounts) => {
    const name = query.split === undefined ? '' : String(key[splitKeys[query.split]]);
    const line = found.get(name) ?? blank(name);
    addTo(line, slot, counts);
    found.set(name, line);
    // At once: the rest would be read, and held, for nothing.
    const series = Math.min(found.size, mostSeries + 1);
    if (series * slots.length > mostPoints) throw tooMany(series, slots.length);
  };
  await readSlots(records, query, { slots, add });
  const lines = leading([...found.values()]);
  if (lines.length === 0 && query.split === undefined) lines.push(blank());
  return {
    from: asMoment(period.from),
    to: asMoment(period.to),
    items: lines.map((line) => ({
      ...nameOf(line, query),
      points: slots.map(({ at }, n) => point(at, line.bySlot.get(n))),
    })),
  };
}

const splitKeys = { model: 'model', person: 'personId' } as const satisfies Record<string, SumKey>;

/** Hours that are asked for at a time. */
const hoursAtATime = 48;

interface Slots {
  readonly slots: readonly Slot[];
  readonly add: (slot: number, row: KeyedCounts) => void;
}

async function readSlots({ hours }: Analytics['records'], query: SeriesQuery, { slots, add }: Slots) {
  const { personId, model, split } = query;
  // One of the two is asked of the store, since there is an index for each.
  const where = personId !== undefined ? { personId } : model !== undefined ? { model } : {};
  const both = personId !== undefined && model !== undefined;
  const by: SumKey[] = [...(split ? [splitKeys[split]] : []), ...(both && split !== 'model' ? ['model' as const] : [])];
  const fits = ({ key }: KeyedCounts) => !both || key.model === model;
  if (query.by === 'hour') {
    for (let first = 0; first < slots.length; first += hoursAtATime) {
      const some = slots.slice(first, first + hoursAtATime);
      const indexOf = new Map(some.map(({ at }, index) => [at, first + index]));
      const stretch = { from: some[0]?.from ?? 0, to: some.at(-1)?.to ?? 0 };
      for (const row of await sumUsage(hours, stretch, ['hour', ...by], where)) {
        const slot = indexOf.get(Number(row.key.hour));
        if (slot !== undefined && fits(row)) add(slot, row);
      }
    }
    return;
  }
  for (const [index, slot] of slots.entries()) {
    for (const row of await sumUsage(hours, slot, by, where)) if (fits(row)) add(index, row);
  }
}

const blank = (name = ''): Line => ({ name, others: false, total: {}, bySlot: new Map() });

function addTo({ total, bySlot }: Line, slot: number, more: Counts): void {
  addCounts(total, more);
  const counts = bySlot.get(slot) ?? {};
  addCounts(counts, more);
  bySlot.set(slot, counts);
}

/** The largest, and one of all the others. */
function leading(lines: readonly Line[]): Line[] {
  const sorted = lines.toSorted((a, b) => mostFirst(a.total, b.total) || (a.name < b.name ? -1 : 1));
  const rest = sorted.splice(mostSeries);
  if (rest.length === 0) return sorted;
  const others = { ...blank(), others: true };
  for (const { bySlot } of rest) for (const [slot, counts] of bySlot) addTo(others, slot, counts);
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
    `That is ${series} series or more, of ${points} points each: more than ${mostPoints} points in all. Ask for days instead of hours, or for a shorter period.`,
  );
