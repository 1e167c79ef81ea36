import type { z } from 'zod';
import type { summary } from '#contract/usage.ts';
import type { PersonRecord } from '#domain/accounts/account-records.ts';
import type { Clock } from '#platform/clock.ts';
import type { Collection } from '#platform/store/store.ts';
import { type PeriodQuery, readPeriod } from './periods.ts';
import { hourMs, nobody, type UsageRecords } from './usage-records.ts';
import { presentFigures, presentTimes, sumUsage, totalOf } from './usage-sums.ts';

export interface Analytics {
  readonly records: UsageRecords;
  readonly people: Collection<PersonRecord>;
  readonly clock: Clock;
}

export const asMoment = (at: number): string => new Date(at).toISOString();

/** Figures of a period. Throws `invalid_request`. */
export async function summarise({ records, clock }: Analytics, query: PeriodQuery): Promise<z.output<typeof summary>> {
  const period = readPeriod(query, clock.now());
  const today = { gte: midnight(clock.now()) };
  const [byPerson, active] = await Promise.all([
    sumUsage(records.hours, period, ['personId']),
    records.hours.sum({ where: { hour: today }, by: ['personId'], fields: [] }),
  ]);
  const total = totalOf(byPerson);
  const figures = presentFigures(total);
  return {
    from: asMoment(period.from),
    to: asMoment(period.to),
    people: byPerson.filter(({ key }) => key.personId !== nobody).length,
    activeToday: active.filter(({ personId }) => personId !== nobody).length,
    conversations: total.conversations ?? 0,
    ...figures,
    ...presentTimes(total),
    errorRate: figures.requests === 0 ? 0 : figures.errors / figures.requests,
  };
}

/** UTC has no clock changes: its days are those of the epoch. */
const midnight = (now: number): number => now - (now % (24 * hourMs));
