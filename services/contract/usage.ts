import { z } from 'zod';
import { role, timeZone } from './accounts.ts';
import { id, moment, page, pageQuery } from './pages.ts';

const count = z.int().min(0);

/** What a person has left, and when there is more. */
export const myUsage = z
  .object({
    tokens: z.object({
      /** The day in the person's time zone, as `2026-11-21`. */
      day: z.iso.date(),
      timeZone: z.string(),
      budget: count,
      /** Spent by answers that have ended. */
      used: count,
      /** Held for answers under way. */
      reserved: count,
      left: count,
      resetsAt: moment,
    }),
    messages: z.object({ limit: count, left: count, resetsAt: moment }),
  })
  .meta({ id: 'MyUsage' });
export type MyUsage = z.infer<typeof myUsage>;

/** From the first moment to before the last, in whole hours; without them, the last 30 days. At most 400 days. */
const period = z.object({ from: moment.optional(), to: moment.optional() });
export const periodQuery = period;
export const seriesQuery = period.extend({
  by: z.enum(['hour', 'day']).default('day'),
  /** Days begin at midnight here. */
  timeZone: timeZone.default('UTC'),
  model: z.string().max(200).optional(),
  personId: id.optional(),
  /** One series for each model or person; without it, one of all. */
  split: z.enum(['model', 'person']).optional(),
});

/** Sums over a period. Costs are in the currency of the models' prices. */
const figures = {
  requests: count,
  errors: count,
  messages: count,
  failedAnswers: count,
  stories: count,
  inputTokens: count,
  outputTokens: count,
  cost: z.number().min(0),
};
export const summary = z
  .object({
    from: moment,
    to: moment,
    people: count,
    /** People who did anything since midnight, UTC. */
    activeToday: count,
    conversations: count,
    ...figures,
    /** Of complete answers, in milliseconds; absent where there were none. The 95th percentile is the upper bound of its histogram's bucket. */
    meanResponseMs: z.number().optional(),
    p95ResponseMs: z.number().optional(),
    /** Of requests, from 0 to 1. */
    errorRate: z.number().min(0).max(1),
  })
  .meta({ id: 'UsageSummary' });

const point = z.object({
  at: moment,
  ...figures,
  meanResponseMs: z.number().optional(),
  p95ResponseMs: z.number().optional(),
});
/** Every hour or day of the period has a point: an empty one is zero, not a gap. */
export const series = z
  .object({
    from: moment,
    to: moment,
    items: z.array(
      z.object({
        /** Where the figures are split, what the series is of. Without either: requests, which belong to no model, or to nobody signed in. */
        model: z.string().optional(),
        personId: id.optional(),
        /** All but the 50 largest, in one series. */
        others: z.literal(true).optional(),
        points: z.array(point),
      }),
    ),
  })
  .meta({ id: 'UsageSeries' });

const personUsage = z.object({
  personId: id,
  name: z.string(),
  role: role.optional(),
  ...figures,
  lastActiveAt: moment,
});
export const peopleUsage = z
  .object({ from: moment, to: moment, items: z.array(personUsage) })
  .meta({ id: 'PeopleUsage' });

export const exportQuery = seriesQuery.extend({ what: z.enum(['timeseries', 'people']).default('timeseries') });

export const auditEntry = z
  .object({
    id,
    at: moment,
    action: z.string(),
    outcome: z.enum(['success', 'failure']),
    /** Who did it; absent where nobody was signed in. */
    actorId: id.optional(),
    /** Whom or what it was done to. */
    subjectId: z.string().optional(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    /** The client's network address. */
    address: z.string().optional(),
    traceId: z.string(),
  })
  .meta({ id: 'AuditEntry' });
export const auditPage = page(auditEntry).meta({ id: 'AuditPage' });
export const auditQuery = pageQuery.extend({ action: z.string().max(60).optional(), personId: id.optional() });
