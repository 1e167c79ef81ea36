import { z } from 'zod';
import type { Collection, CollectionSpec, Store } from '#platform/store/store.ts';

export const hourMs = 3_600_000;

/** Upper bounds of the histogram of response times, in milliseconds, each inclusive; what took longer is in `over`. */
export const responseBounds = [
  250, 500, 1_000, 2_000, 3_000, 5_000, 7_500, 10_000, 15_000, 20_000, 30_000, 45_000, 60_000, 120_000, 300_000,
  900_000,
] as const;
export type ResponseBucket = `le${(typeof responseBounds)[number]}` | 'over';
const le = responseBounds.map((bound): ResponseBucket => `le${bound}`);
const responseBuckets = [...le, 'over'] as const;

/** What is counted, beside the response times. All are whole numbers, so that sums come out the same in any order. */
const figures = [
  'requests',
  'errors',
  'messages',
  'conversations',
  'failedAnswers',
  'stories',
  'inputTokens',
  'outputTokens',
  /** Billionths of the currency of the models' prices. */
  'costNanos',
  /** Complete answers, and how long they took together. */
  'answers',
  'responseMs',
] as const;
export const counterNames = [...figures, ...responseBuckets] as const;
export type CounterName = (typeof figures)[number] | ResponseBucket;

const counts = z.partialRecord(z.enum<CounterName[]>([...figures, ...responseBuckets]), z.int().min(0));
/** What is absent is zero. */
export type Counts = Partial<Record<CounterName, number>>;

/** Nobody who is signed in: requests before a sign-in, for example. */
export const nobody = '';
/** Requests belong to no model. */
export const noModel = '';

const line = z.object({
  personId: z.string(),
  model: z.string(),
  /** When it began, in milliseconds since the epoch. */
  hour: z.number(),
  /** The last thing that is counted here. */
  at: z.number(),
  counts,
});
/** What happened of one person with one model in one hour. */
export type UsageLine = z.infer<typeof line>;

const foldedIn = z.object({ hourId: z.string(), version: z.number() });
/** A document of an hour, and its first version that is known to have a line. */
export type FoldedIn = z.infer<typeof foldedIn>;

const share = z.object({
  /** Fixed before it is first inserted, so that inserting it again changes nothing: an answer's is that of its run. */
  _id: z.string(),
  kind: z.enum(['answer', 'requests']),
  /** Of an answer: whose. */
  personId: z.string().optional(),
  lines: z.array(line),
  folded: z.boolean(),
  /** Where each line is, once all are: a backup needs it. */
  foldedIn: z.array(foldedIn).optional(),
  createdAt: z.number(),
});
export type UsageShare = z.infer<typeof share>;

const hour = z.object({
  _id: z.string(),
  /** See `hourKey`. */
  key: z.string(),
  personId: z.string(),
  model: z.string(),
  hour: z.number(),
  lastAt: z.number(),
  counts,
  /** Goes up with each change, each of which is made on the condition that it has not. */
  version: z.number(),
  /** Shares that are in `counts` and may not be marked so yet. */
  folding: z.array(z.string()),
});
export type UsageHour = z.infer<typeof hour>;

/** There is one document of an hour, person and model. */
export const hourKey = ({ hour, personId, model }: Pick<UsageLine, 'hour' | 'personId' | 'model'>): string =>
  `${hour}/${personId}/${model}`;

export const hourOf = (at: number): number => Math.floor(at / hourMs) * hourMs;

/** In the order in which a backup reads them: see `archive-usage.ts`. */
export const usageCollections = {
  hours: {
    name: 'usage_hours',
    version: 1,
    schema: hour,
    indexes: [
      { fields: ['key'], unique: true },
      { fields: ['hour'] },
      { fields: ['model', 'hour'] },
      { fields: ['personId', 'hour'] },
    ],
    sums: ['hour', 'personId', 'model', ...counterNames.map((name) => `counts.${name}`)],
  } satisfies CollectionSpec<UsageHour>,
  shares: {
    name: 'usage_shares',
    version: 1,
    schema: share,
    indexes: [{ fields: ['folded', 'kind', 'createdAt'] }, { fields: ['personId', 'folded'] }],
  } satisfies CollectionSpec<UsageShare>,
} as const;

export interface UsageRecords {
  readonly hours: Collection<UsageHour>;
  readonly shares: Collection<UsageShare>;
}

export const openUsageRecords = (store: Store): UsageRecords => ({
  hours: store.collection<UsageHour>(usageCollections.hours),
  shares: store.collection<UsageShare>(usageCollections.shares),
});
