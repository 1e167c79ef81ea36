import type { z } from 'zod';
import type { peopleUsage } from '#contract/usage.ts';
import { type Analytics, asMoment } from './analytics.ts';
import { type PeriodQuery, readPeriod } from './periods.ts';
import { nobody } from './usage-records.ts';
import { mostFirst, type Period, presentFigures, sumUsage } from './usage-sums.ts';

type PeopleUsage = z.output<typeof peopleUsage>;
export type PersonUsage = PeopleUsage['items'][number];

/** In one reply; the export has all. */
const mostPeople = 500;
const atATime = 100;
/** Of somebody whose account is gone. */
export const noName = '(deleted)';

/** Figures of those who took the most. Throws `invalid_request`. */
export async function peopleOf(analytics: Analytics, query: PeriodQuery): Promise<PeopleUsage> {
  const period = readPeriod(query, analytics.clock.now());
  const items: PersonUsage[] = [];
  for await (const person of eachPerson(analytics, period)) {
    if (items.push(person) === mostPeople) break;
  }
  return { from: asMoment(period.from), to: asMoment(period.to), items };
}

/** Everybody of whom something was counted, who took the most first. */
export async function* eachPerson(analytics: Analytics, period: Period): AsyncGenerator<PersonUsage> {
  const rows = await sumUsage(analytics.records.hours, period, ['personId']);
  const people = rows
    .map(({ key, counts }) => ({ personId: String(key.personId), counts }))
    .filter(({ personId }) => personId !== nobody)
    .toSorted((a, b) => mostFirst(a.counts, b.counts) || (a.personId < b.personId ? -1 : 1));
  for (let at = 0; at < people.length; at += atATime) {
    const some = people.slice(at, at + atATime);
    const [names, lastTimes] = await Promise.all([
      namesOf(
        analytics,
        some.map(({ personId }) => personId),
      ),
      Promise.all(some.map(({ personId }) => lastTimeOf(analytics, personId, period))),
    ]);
    for (const [n, { personId, counts }] of some.entries()) {
      const lastActiveAt = asMoment(lastTimes[n] ?? period.from);
      yield { personId, ...(names.get(personId) ?? { name: noName }), ...presentFigures(counts), lastActiveAt };
    }
  }
}

/** Names and roles of those who have an account still, up to 1,000. */
export async function namesOf(
  { people }: Analytics,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Pick<PersonUsage, 'name' | 'role'>>> {
  const found = await people.getMany(ids, ['name', 'role', 'deleted']);
  return new Map(found.filter(({ deleted }) => !deleted).map(({ _id, name, role }) => [_id, { name, role }]));
}

async function lastTimeOf({ records }: Analytics, personId: string, { from, to }: Period): Promise<number | undefined> {
  const { items } = await records.hours.find({
    where: { personId, hour: { gte: from, lt: to } },
    sort: { by: ['hour'], direction: 'desc' },
    limit: 1,
    fields: ['lastAt'],
  });
  return items[0]?.lastAt;
}
