import { z } from 'zod';
import type { Collection, CollectionSpec, Store } from '#platform/store/store.ts';

/** Tokens: `committed` are spent by answers that ended, `held` are those and what is reserved for answers under way. */
const day = z.object({ committed: z.number(), held: z.number() });

const reservation = z.object({ day: z.string(), tokens: z.number(), at: z.number() });

/**
 * What a person has spent and reserved, in one document, so that one conditional update decides about the tokens of a day and
 * about how many answers run, whichever side of midnight they began on.
 */
const budget = z.object({
  /** The person's. */
  _id: z.string(),
  /** By date, in the person's time zone. */
  days: z.record(z.string(), day),
  /** By run. */
  reservations: z.record(z.string(), reservation),
  /**
   * Reservations that were given up because their run was never stored, by run, with their day: should it be stored after all,
   * by a process that stood still for so long, its end is still counted.
   */
  released: z.record(z.string(), z.string()),
  /** How many reservations there are. */
  running: z.number(),
  /** When its last day was opened. */
  openedAt: z.number(),
});
export type BudgetRecord = z.infer<typeof budget>;

export const budgetCollection = {
  name: 'budgets',
  version: 1,
  schema: budget,
  indexes: [{ fields: ['running'] }, { fields: ['openedAt'] }],
} satisfies CollectionSpec<BudgetRecord>;

export const openBudgetRecords = (store: Store): Collection<BudgetRecord> =>
  store.collection<BudgetRecord>(budgetCollection);
